"""Which lines of a text are time lines; a time inside a sentence does not make one."""

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from itertools import pairwise
from typing import Final

from streams.parse.lines.lines import Line
from streams.parse.times.stamp import Stamp, read_stamp

_OPENING: Final = re.compile(
    r"(?i)[\[({|#]*\s*(?:(?:posted|published|uploaded|added|publié|publicado)\b:?\s*)?"
    r"(?:at |on |à |um |kl\.? ?|alle |ore |a las )?\s*"
)
_CLOSING: Final = re.compile(r"(?:, UK\b)?[\s\])}|:;,.•·–—-]*")
_WRITER: Final = re.compile(r"(?i:by|von|par|por|di)\s+(?P<name>[^\W\d_][^\d|:;]{2,80})$")
_WORD: Final = r"[^\W\d_](?:[^\W\d_]|[.'’-](?=[^\W\d_]))*"
_NAMED: Final = re.compile(
    rf"(?:By )?(?P<name>{_WORD}(?: {_WORD}){{1,3}})[\s,|·•–—-]*"
    r"(?=\d{1,2} [^\W\d_]{3,9} \d{4}|\d{1,2}[:.]\d{2}\b)"
)
_UPDATED: Final = re.compile(
    r"(?i)\(?\s*(?:last )?(?:updated?|edited|modified|amended|actualizado|aktualisiert|mis à jour|aggiornato)\b\s*"
    r"(?:on |at |a las |le |à |alle |um )?[:\s]*"
)
_REPEATED: Final = re.compile(r"(?P<once>\S.{3,40}?)\s*(?P=once)")
"""A time that a page repeats for screen readers."""
_AGAIN: Final = re.compile(r"\s*\((?P<said>[^()]{4,24})\)\s*")
"""The same time in another notation: `15:20(14:20 GMT)`, `8m ago (12:40 GMT)`."""
_LONGEST_CHARS: Final = 90


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A line that gives a post's time, and perhaps begins its text."""

    stamp: Stamp
    rest: str = ""
    """What follows the time on the line: a headline or the body's first paragraph."""
    author: str | None = None


def read_time_line(line: Line) -> TimeLine | None:
    """Return the line as a time line, or None; `choose` decides with the whole page whether it is one."""
    text = line.text
    opening = _OPENING.match(text)
    begin = opening.end() if opening else 0
    if len(text) <= _LONGEST_CHARS and (repeated := _REPEATED.fullmatch(text, begin)):
        text = text[: repeated.end("once")]
    stamp = read_stamp(text, begin) or (read_stamp(text) if begin else None)
    if stamp is None:
        return _after_a_name(text)
    if again := _told_again(text, stamp):
        return TimeLine(again)
    if stamp.clock is None and stamp.ago is None:
        return None
    closing = _CLOSING.match(text, stamp.end)
    at = closing.end() if closing else stamp.end
    rest = text[at:]
    if not rest:
        return TimeLine(stamp) if len(text) <= _LONGEST_CHARS else None
    if (writer := _WRITER.fullmatch(rest)) and len(rest) <= _LONGEST_CHARS:
        return TimeLine(stamp, author=writer["name"].strip())
    # "At 12.40 ...", "12.40, and then", "12.40km": a time inside prose.
    prose = (begin and text[0] not in "[(") or stamp.clock is None or text[stamp.end : at] in (".", ",", ";")
    glued = at == stamp.end and text[at - 1] not in ")]"
    return None if prose or glued or not _begins_text(rest) else TimeLine(stamp, rest)


def read_date_line(text: str) -> Stamp | None:
    """Return the day that a heading such as `Sunday 21 May` names, if the line has nothing else."""
    stamp = read_stamp(text)
    if stamp is None or not stamp.dated or stamp.clock is not None or _CLOSING.sub("", text[stamp.end :]):
        return None
    return stamp


def read_update_mark(text: str) -> Stamp | None:
    """Return the time of `Updated at 7:38 PM`, if the line has nothing else."""
    mark = _UPDATED.match(text)
    if mark is None or len(text) > _LONGEST_CHARS:
        return None
    stamp = read_stamp(text, mark.end())
    return stamp if stamp and not _CLOSING.sub("", text[stamp.end :]) else None


def choose(lines: Sequence[Line]) -> dict[int, TimeLine]:
    """Return the time lines of a text by their place in it.

    Lines that hold a time alone decide; where a page writes its headline or text on the time line, those do. The
    fewer kind is taken where it continues the order of the others.
    """
    found = {place: line for place, text in enumerate(lines) if (line := read_time_line(text))}
    alone = {place: line for place, line in found.items() if not line.rest}
    inline = {place: line for place, line in found.items() if line.rest and lines[place].after_blank}
    if sum(line.after_blank for line in lines) <= max(1, len(lines) // 20):  # a text without blank lines
        inline = {place: line for place, line in found.items() if line.rest}
    most = _Most(inline if len(inline) > len(alone) else alone)
    if len(inline) > len(alone):
        taken = {place: line for place, line in inline.items() if most.write_so(line)}
    else:
        taken = {
            place: line
            for place, line in inline.items()
            if not lines[place].bullet and most.write_so(line) and most.go_on_with(place, line)
        }
    return dict(sorted({**alone, **taken}.items()))


def _after_a_name(text: str) -> TimeLine | None:
    """Return the time line in `Ana Reyes 21 May 2023 12:40`: who wrote it, then when."""
    named = _NAMED.match(text) if len(text) <= _LONGEST_CHARS else None
    stamp = read_stamp(text, named.end()) if named else None
    if not named or not stamp or stamp.clock is None or _CLOSING.sub("", text[stamp.end :]):
        return None
    if not all(word[0].isupper() for word in named["name"].split()):
        return None
    return TimeLine(stamp, author=named["name"])


def _told_again(text: str, stamp: Stamp) -> Stamp | None:
    """Return the stamp of a line that ends with its time once more in brackets, which has the zone."""
    again = _AGAIN.fullmatch(text, stamp.end) if stamp.zone is None else None
    other = read_stamp(again["said"]) if again else None
    if again is None or other is None or other.clock is None or other.end < len(again["said"].rstrip()):
        return None
    if stamp.dated:
        return replace(stamp, clock=other.clock, zone=other.zone, ago=None, end=len(text))
    return replace(other, end=len(text))


def _begins_text(rest: str) -> bool:
    """Whether text can begin so: a sentence or headline, not the rest of one ("10.32 a.m. so there was...")."""
    first = rest.lstrip("\"'“‘«„(")[:1]
    return bool(first) and not first.islower() and first not in "%€$£/&+=)"


class _Most:
    """What most time lines of a page are like: dated or not, rising or falling."""

    def __init__(self, lines: dict[int, TimeLine]) -> None:
        self._places = sorted(lines)
        self._clocks = [_minutes(lines[place].stamp.clock) for place in self._places]
        self._dated = sum(line.stamp.dated for line in lines.values()) * 2 > len(lines)
        self._falling = sum(later <= earlier for earlier, later in pairwise(self._clocks)) * 2 >= len(lines) - 1

    def write_so(self, line: TimeLine) -> bool:
        """Whether a line names a day if most do."""
        return line.stamp.dated or not self._dated

    def go_on_with(self, place: int, line: TimeLine) -> bool:
        """Whether a line's clock lies between those of the time lines before and after it."""
        if len(self._places) < 2:  # noqa: PLR2004
            return False
        at = bisect(self._places, place)
        clocks = [*self._clocks[max(0, at - 1) : at], _minutes(line.stamp.clock), *self._clocks[at : at + 1]]
        return all(later <= earlier if self._falling else later >= earlier for earlier, later in pairwise(clocks))


def _minutes(clock: time | None) -> int:
    return clock.hour * 60 + clock.minute if clock else 0
