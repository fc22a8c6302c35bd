"""A time stamp as newsrooms write it: a clock, a date and a zone in any order, read from the start of a line."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from streams.parse.times.months import MONTHS, WEEKDAYS
from streams.parse.times.zones import NAME

_ZONE: Final = re.compile(rf"\(?(?P<zone>{NAME})\)?")
_CLOCK: Final = re.compile(
    r"""(?ix)
    (?P<h>\d{1,2})
    (?: (?P<sep>[:.h\u2236\uff1a]|\sh\s) (?P<m>[0-5]\d) (?: [:.](?P<s>[0-5]\d) (?:[.,]\d{1,9})? )?
        (?: \s?(?P<half>[ap])\.?\s?m\b\.? )?
      | \s?(?P<only>[ap])\.?\s?m\b\.?
      | h\b )
    (?![\d%]|[.,:]\d|\s?%)"""
)
_MILITARY: Final = re.compile(rf"(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)(?:(?=\s?\(?{NAME})|\s?(?:hrs|hours|uhr|h)\b\.?)")
_AFTER_CLOCK: Final = re.compile(r"(?i)\s?(?:hrs|hours|heures|uhr|h)\b\.?|\s?\(?local time\)?")
_AGO: Final = re.compile(r"(?i)(\d{1,3})\s?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)\.?\s+ago\b")
_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)T?")
_NUMERIC: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d:])")
_DAY_FIRST: Final = re.compile(
    r"(?i)(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?[\s-](?:of |de |d['’])?([^\W\d_]{3,12})\.?"
    r"(?:(?:,? (?:de |del )?|-)(\d{4}|\d{2}(?= \d{1,2}:))(?![\d:]))?"
)
_MONTH_FIRST: Final = re.compile(
    r"(?i)([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?\b(?![:.]\d)(?:,? (\d{4})(?![\d:]))?"
)
_LATE_YEAR: Final = re.compile(r"(\d{4})\s*$")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-feira)?")
_DAY_WORDS: Final = {
    "today": 0,
    "yesterday": 1,
    "hoy": 0,
    "ayer": 1,
    "heute": 0,
    "gestern": 1,
    "aujourd'hui": 0,
    "hier": 1,
}
_BETWEEN: Final = re.compile(r"(?:[\s,;|·•–—\u2022]|-(?=\s)|at\b|um\b|à\b|às\b|kl\.|alle\b|a las\b)*")
_BOUND: Final = re.compile(r"[.,]?\s*(?:$|at\b|\d|[^\W\d_]{3,12}\.? \d)")
"""What follows a weekday that belongs to a stamp: "12:40 Sunday summit begins" has none."""
_CLOSED: Final = re.compile(r"\s*(?:$|[|:)\]·•–—-])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_NOON_HOUR: Final = 12
_HOURS_A_DAY: Final = 24


@dataclass(frozen=True, slots=True)
class Stamp:
    """The parts of a time stamp; a part that it lacks is None."""

    end: int
    """Where the rest of the line begins."""
    clock: time | None = None
    zone: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    ago: timedelta | None = None
    """A relative time: `3m ago`, `yesterday`."""
    weekday: int | None = None
    """Monday is 0."""
    numeric: tuple[int, int, int] | None = None
    """`05/06/2023`, which the reader's country decides."""

    @property
    def dated(self) -> bool:
        """Whether it names a day."""
        return self.day is not None or self.numeric is not None


def read_stamp(line: str, start: int = 0) -> Stamp | None:
    """Return the stamp at a place in a line, or None when there is neither clock nor date nor age."""
    found: dict[str, object] = {}
    at = end = start
    while at < len(line):
        step = _step(line, at, found)
        if step is None:
            break
        end = step
        between = _BETWEEN.match(line, end)
        at = between.end() if between else end
    if not found.keys() & {"clock", "day", "ago", "numeric"}:
        return None
    return Stamp(end=end, **found)  # type: ignore[arg-type]


def _step(line: str, at: int, found: dict[str, object]) -> int | None:
    """Read one part of a stamp into `found`; return the place after it, or None if no part begins here."""
    numbers = (_read_ago, _read_date, _read_clock, _read_late_year)
    for read in numbers if line[at].isdecimal() else (_read_zone, _read_month_first, _read_day_word):
        if (end := read(line, at, found)) is not None:
            return end
    return None


def _read_zone(line: str, at: int, found: dict[str, object]) -> int | None:
    zone = _ZONE.match(line, at) if "clock" in found and "zone" not in found else None
    if zone is None:
        return None
    found["zone"] = zone["zone"]
    return zone.end()


def _read_month_first(line: str, at: int, found: dict[str, object]) -> int | None:
    dated = _MONTH_FIRST.match(line, at)
    return dated.end() if dated and _put_day(found, dated, dated[2], dated[1]) else None


def _read_day_word(line: str, at: int, found: dict[str, object]) -> int | None:
    word = _WORD.match(line, at)
    if word is None or not _BOUND.match(line, word.end()):
        return None
    name = word[0].lower()
    if name in _DAY_WORDS and "ago" not in found:
        found["ago"] = timedelta(days=_DAY_WORDS[name])
        return word.end()
    if name in WEEKDAYS:
        found["weekday"] = WEEKDAYS[name]
        return word.end()
    return None


def _read_late_year(line: str, at: int, found: dict[str, object]) -> int | None:
    """Read the year at the end of `Sat May 20 12:40:00 +0000 2023`."""
    late = _LATE_YEAR.match(line, at) if "clock" in found and found.get("day") and not found.get("year") else None
    if late is None:
        return None
    found["year"] = int(late[1])
    return late.end()


def _read_ago(line: str, at: int, found: dict[str, object]) -> int | None:
    ago = _AGO.match(line, at)
    if not ago or "ago" in found:
        return None
    found["ago"] = timedelta(**{_UNITS[ago[2][0].lower()]: int(ago[1])})
    return ago.end()


def _read_date(line: str, at: int, found: dict[str, object]) -> int | None:
    if "day" in found or "numeric" in found:
        return None
    if dated := _YEAR_FIRST.match(line, at):
        year, month, day = int(dated[1]), int(dated[3]), int(dated[4])
        if _exists(year, month, day):
            found.update(year=year, month=month, day=day)
            return dated.end()
    if dated := _NUMERIC.match(line, at):
        year = int(dated[4]) + (2000 if len(dated[4]) == 2 else 0)  # noqa: PLR2004
        first, second = int(dated[1]), int(dated[3])
        if _exists(year, second, first) or _exists(year, first, second):
            found["numeric"] = (first, second, year)
            return dated.end()
    if (dated := _DAY_FIRST.match(line, at)) and _put_day(found, dated, dated[1], dated[2]):
        return dated.end()
    return None


def _read_clock(line: str, at: int, found: dict[str, object]) -> int | None:
    if "clock" in found:
        return None
    clock = _CLOCK.match(line, at) or _MILITARY.match(line, at)
    if not clock:
        return None
    parts = clock.groupdict()
    hour, half = int(parts["h"]), (parts.get("half") or parts.get("only") or "").lower()
    if half and hour <= _NOON_HOUR:
        hour = hour % _NOON_HOUR + (_NOON_HOUR if half == "p" else 0)
    if hour >= _HOURS_A_DAY:
        return None
    found["clock"] = time(hour, int(parts.get("m") or 0), int(parts.get("s") or 0))
    after = _AFTER_CLOCK.match(line, clock.end())
    return after.end() if after else clock.end()


def _put_day(found: dict[str, object], dated: re.Match[str], day: str, name: str) -> bool:
    month, year = MONTHS.get(name.lower()), dated[3]
    if "day" in found or month is None or not _exists(int(year or 2024), month, int(day)):  # 2024: 29 February exists
        return False
    if "clock" in found and not year and not _CLOSED.match(dated.string, dated.end()):
        return False  # "12:40 5 June deadline looms": that date is part of the headline
    full = int(year) + (2000 if len(year) == 2 else 0) if year else None  # noqa: PLR2004
    found.update(day=int(day), month=month, year=full)
    return True


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
