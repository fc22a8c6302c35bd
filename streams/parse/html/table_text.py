"""Tables as text: a row a line, its cells parted by a tab."""

import re
from typing import Final

_TOKEN: Final = re.compile(r"<(/?)(table|tr|td|th)>")
_ANY_TAG: Final = re.compile(r"<[^<>]*>")
CELL_END: Final = "\ue000"
"""Stands for the tab until white space has been made regular; a private character, in no text."""


def rows_as_lines(html: str) -> str:
    """Return HTML without attributes in which each row with several cells is a line of its own.

    A row of one cell is layout rather than a table's: what is in it stays as it is.
    """
    if "<td>" not in html and "<th>" not in html:
        return html
    pieces: list[str] = []
    rows: list[_Row] = []
    at = 0
    for tag in _TOKEN.finditer(html):
        _innermost(rows, pieces).append(html[at : tag.start()])
        at = tag.end()
        closes, name = tag[1] == "/", tag[2]
        if name == "tr" and not closes:
            rows.append(_Row())
        elif name == "tr" and rows:
            ended = rows.pop().html
            _innermost(rows, pieces).append(ended)
        elif name in ("td", "th") and rows:
            rows[-1].end_cell()
            rows[-1].in_cell = not closes
        else:
            _innermost(rows, pieces).append(tag[0])
    while rows:  # a table that the document cuts off
        ended = rows.pop().html
        _innermost(rows, pieces).append(ended)
    pieces.append(html[at:])
    return "".join(pieces)


def _innermost(rows: list["_Row"], pieces: list[str]) -> list[str]:
    """Return where text goes: into the cell at hand, else into the document."""
    return rows[-1].cell if rows and rows[-1].in_cell else pieces


class _Row:
    """The cells of a row as far as they have been read."""

    def __init__(self) -> None:
        self.cell: list[str] = []
        self.in_cell = False
        self._cells: list[str] = []

    def end_cell(self) -> None:
        """Keep the cell at hand unless there is no text in it."""
        inner = "".join(self.cell).replace(CELL_END, " ").strip() if self.in_cell else ""
        if inner and _ANY_TAG.sub("", inner).replace("&nbsp;", " ").strip():
            self._cells.append(inner)
        self.cell = []
        self.in_cell = False

    @property
    def html(self) -> str:
        """The row, in its place among the text."""
        self.end_cell()
        if len(self._cells) == 1 and "<" in self._cells[0]:
            return f"<div>{self._cells[0]}</div>"
        line = CELL_END.join(" ".join(_ANY_TAG.sub(" ", cell).split()) for cell in self._cells)
        return f"{line}<br>" if line else ""
