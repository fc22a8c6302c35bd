"""An alert's lines for a person: a rule's title with the values of the entry, and how values are written."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from schemas.entry import Entity, Figure, Place, SourceReport
from schemas.post import Subject
from streams.alerts.cel import Reading, compile_value
from streams.alerts.cel.errors import FAILURES, CelError, CostExceededError

LONGEST_LINE_CHARS: Final = 300
_FIELD: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Title:
    """A title whose fields are CEL, such as `{coverage.title}: {entry.headline}`."""

    pieces: tuple[str | Callable[[Reading], Any], ...]

    @classmethod
    def compile(cls, text: str) -> "Title":
        """Return the title; raises `CelError` if a field is unknown."""
        return cls(tuple(_pieces(text)))

    def of(self, reading: Reading) -> str:
        """Return the line for an entry; what is absent is left out."""
        line = "".join(piece if isinstance(piece, str) else _value(piece, reading) for piece in self.pieces)
        return one_line(line.strip().lstrip(":"))


def _pieces(text: str) -> Iterator[str | Callable[[Reading], Any]]:
    for number, piece in enumerate(_FIELD.split(text)):
        if number % 2 == 0:
            if "{" in piece or "}" in piece:
                raise CelError(f"a brace without its other one in {text!r}; expected one such as {{entry.headline}}")
            yield piece
        else:
            yield compile_value(piece)


def _value(read: Callable[[Reading], Any], reading: Reading) -> str:
    try:
        return written(read(reading))
    except (*FAILURES, CostExceededError):
        return ""


def written(value: Any) -> str:
    """Return a value as a person writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, datetime | timedelta):
        return span(value) if isinstance(value, timedelta) else f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(written, value)))
    if isinstance(value, Figure):
        return f"{value.kind} {written(value.value)}"
    if isinstance(value, Entity | Place | Subject):
        return value.name or ""
    if isinstance(value, SourceReport):
        return value.source_id
    return "" if value is None else str(value)


def span(value: timedelta) -> str:
    """Return a duration in its largest unit."""
    seconds = value.total_seconds()
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"


def one_line(text: str, longest_chars: int = LONGEST_LINE_CHARS) -> str:
    """Return a text on one line, cut where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= longest_chars else f"{line[: longest_chars - 1]}…"


def with_end(title: str, end: str) -> str:
    """Return a title that says what became of it; a long one is cut before that."""
    return f"{one_line(title, LONGEST_LINE_CHARS - len(end) - len(': '))}: {end}"
