"""An agency's text as readers get it; its dateline and its notes to desks are separate fields."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from streams.parse.html.safe import html_to_text
from streams.parse.wires.dateline import best_dateline
from streams.parse.wires.desk_lines import part_desk_lines

_START_CHARS: Final = 1_000
"""As much HTML as a dateline may need, with the tags around it."""


@dataclass(frozen=True, slots=True)
class AgencyText:
    """A text's HTML with what stood around it."""

    html: str | None
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    editorial_note: str | None = None


def read_agency_text(html: str | None, *, dateline: str | None = None, notes: Iterable[str | None] = ()) -> AgencyText:
    """Return the text without lines to desks; `dateline` and `notes` are what the item states in fields of its own."""
    desk = part_desk_lines(html)
    return AgencyText(
        html=desk.html or None,
        authors=desk.authors,
        dateline=best_dateline(dateline, html_to_text(desk.html[:_START_CHARS]) if desk.html else None),
        editorial_note=joined_notes((*notes, desk.note)),
    )


def joined_notes(notes: Iterable[str | None]) -> str | None:
    """Return notes on one line, each once."""
    said = (" ".join(note.split()) for note in notes if note)
    return " ".join(dict.fromkeys(note for note in said if note)) or None
