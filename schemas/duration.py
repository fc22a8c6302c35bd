"""A time span as it is written in settings and rules: a number and its unit."""

import re
from datetime import timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator, PlainSerializer

_DURATION: Final = re.compile(r"(\d+)(ms|s|m|h|d)")
_UNITS: Final = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_MOST_DIGITS: Final = 9
_IN_DAYS_FROM_MS: Final = 72 * 3_600_000
"""A newsroom says 48 hours, but 90 days."""


def _duration(value: object) -> object:
    if value == 0 and not isinstance(value, bool):
        return timedelta(0)
    if not isinstance(value, str):
        return value
    found = _DURATION.fullmatch(value.strip())
    if not found or len(found[1]) > _MOST_DIGITS:
        raise ValueError("expected a number and its unit, such as 500ms, 6s, 5m, 48h or 90d")
    try:
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
    except OverflowError as error:
        raise ValueError(f"expected a time span that a calendar can hold, found {value}") from error


def duration_text(value: timedelta) -> str:
    """Return a duration as it is written in a setting, in the largest unit that fits."""
    milliseconds = round(value.total_seconds() * 1000)
    if milliseconds >= _IN_DAYS_FROM_MS and milliseconds % 86_400_000 == 0:
        return f"{milliseconds // 86_400_000}d"
    for unit, size in (("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"


Duration = Annotated[timedelta, BeforeValidator(_duration), PlainSerializer(duration_text)]
"""A time span, written as a number and its unit."""
