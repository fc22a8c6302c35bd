"""HTML without elements in which there is nothing to see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.parse.html.empty_elements import without_empty_elements
from streams.parse.html.safe import html_to_text, safe_html


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>Two hurt</p><p></p><div><br></div>", "<p>Two hurt</p>"),
        ("<div><p><b> </b></p></div><p>Two</p>", "<p>Two</p>"),
        ("<p>Two<b> </b>hurt<em></em></p>", "<p>Two hurt</p>"),
        ("<p>&nbsp;</p><ul><li></li><li>One</li></ul>", "<ul><li>One</li></ul>"),
        ('<p><a href="https://example.org/?a>b"></a>One</p>', "<p>One</p>"),
        ('<p><img src="https://example.org/a.jpg"></p><hr>', '<p><img src="https://example.org/a.jpg"></p><hr>'),
        ("<table><tr><td></td><td>1</td></tr><tr><td></td><td></td></tr></table>",
         "<table><tr><td></td><td>1</td></tr></table>"),
    ],
)  # fmt: skip
def test_what_shows_nothing_goes(html: str, kept: str) -> None:
    """A picture, a rule and an empty cell of a row with text stay."""
    assert without_empty_elements(html) == kept


PIECES = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "Two", " ", "<br>", "&nbsp;", "<td>", "</td>", "<tr>", "<table>"]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_text_is_lost(html: str) -> None:
    """Whatever the nesting, sanitised HTML says the same without its empty elements, and again is itself."""
    safe = safe_html(html)

    assert "".join(html_to_text(safe).split()) == "".join(html_to_text(html).split())
    assert without_empty_elements(safe) == safe
