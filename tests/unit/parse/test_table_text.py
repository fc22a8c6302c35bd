"""Tables as text."""

import pytest

from streams.parse.html.safe import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<table><tr><th>Team</th><th>Points</th></tr><tr><td>North</td><td>3</td></tr></table>",
         "Team\tPoints\nNorth\t3"),
        ("<p>Before</p><table><tr><td><p>North</p><p>East</p></td><td></td><td><p>3</p></td></tr></table><p>After</p>",
         "Before\n\nNorth East\t3\n\nAfter"),
        ("<table><tr><td><p>One</p><p>Two</p></td></tr></table>", "One\n\nTwo"),
        ("<table><tr><td>North<td>3<tr><td>South<td>1</table>", "North\t3\nSouth\t1"),
        ("<table><tr><td>Group A</td></tr><tr><td>North</td><td>3</td></tr></table>", "Group A\nNorth\t3"),
        ("<table><tr><td>Out<table><tr><td>1</td><td>2</td></tr></table></td><td>b</td></tr></table>", "Out 1 2\tb"),
    ],
)  # fmt: skip
def test_a_row_is_a_line(html: str, text: str) -> None:
    """Cells are parted by tabs, whatever paragraphs are in them; a table of one column is layout."""
    assert html_to_text(html) == text
