"""Times as a person writes them: RFC 3339, a date, or words such as `-2h` and `yesterday 14:00`; pure."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGO: Final = re.compile(r"-(?:\d+[smhdw])+")
_PART: Final = re.compile(r"(\d+)([smhdw])")
_DAY: Final = re.compile(r"(?P<day>today|yesterday)?\s*(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)?")
_DAYS_AGO: Final = {None: 0, "today": 0, "yesterday": 1}


class TimeError(ValueError):
    """It is no time; the message says what is one."""


def read_time(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """Return the time in UTC; `zone` holds where the text has none, and None is the machine's own.

    A local time that is twice there is the first, and one that is not there moves on by the gap: what Python means by
    `fold=0`.
    """
    words = " ".join(text.split())
    lower = words.lower()
    try:
        if lower == "now":
            return now.astimezone(UTC)
        if _AGO.fullmatch(lower):
            ago = sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in _PART.findall(lower)), timedelta())
            return now.astimezone(UTC) - ago
        if lower and (found := _DAY.fullmatch(lower)):
            day = now.astimezone(zone).date() - timedelta(days=_DAYS_AGO[found["day"]])
            return _in_utc(day, _clock(found["clock"] or "0:00"), zone)
        return _written(words, zone)
    except (ValueError, OverflowError):
        raise TimeError(
            f"{text!r} is no time; expected one such as 2026-05-01T12:00:00Z, 2026-05-01, -2h or 'yesterday 14:00'"
        ) from None


def _written(text: str, zone: tzinfo | None) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    return _in_utc(found.date(), found.time(), zone)


def _clock(text: str) -> time:
    hour, minute, second = (*map(int, text.split(":")), 0)[:3]
    return time(hour, minute, second)


def _in_utc(day: date, clock: time, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
