"""HTML of plain paragraphs is read without a sanitiser: what comes out is what comes out the long way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.parse.html import safe

_PIECES = st.sampled_from(
    ["<p>", "</p>", "<p>A hall", " burns.</p>",
     " ", "\n", "\u00e9", "&amp;", "&lt;", "&amp;copy;", "&amp;lt;", "\u2014", "'",
     '"', "\u00c3\u00a9",
     "\ue000", "\u00a0", "\u200b", "</p>\n<p>", "<p></p>", "&quot;", "\x00", "\r\n", "\u2028", "<br>", "\U0001f600"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=10).map(lambda pieces: f"<p>{''.join(pieces)}</p>"))
def test_paragraphs_come_out_as_the_long_way(html: str) -> None:
    """Whatever stands in the paragraphs, the short way gives the sanitiser's HTML and the reader's text."""
    with pytest.MonkeyPatch.context() as patch:
        short = safe.safe_html(html), safe.html_to_text(html)
        patch.setattr(safe, "_is_paragraphs", lambda _: False)

        assert short == (safe.safe_html(html), safe.html_to_text(html))


def test_plain_paragraphs_go_the_short_way() -> None:
    """The short way is taken where it can be: else it would be tested on nothing."""
    assert safe._is_paragraphs("<p>Two people were hurt &amp; a hall burns.</p>\n<p>The quay is closed.</p>")
    assert not safe._is_paragraphs("<p>A hall <b>burns</b>.</p>")
