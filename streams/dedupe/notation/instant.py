"""Times as whole microseconds since 1970: small to keep, exact to compare."""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
MINUTE_MICROS: Final = 60_000_000
DAY_MICROS: Final = 24 * 60 * MINUTE_MICROS


def micros(time: datetime | None) -> int | None:
    """Return microseconds since the epoch, or None if `time` is None."""
    return None if time is None else (time - EPOCH) // _MICROSECOND


def at(time: datetime) -> int:
    """Return microseconds since the epoch."""
    return (time - EPOCH) // _MICROSECOND


def moment(instant: int | None) -> datetime | None:
    """Return the time in UTC, or None if `instant` is None."""
    return None if instant is None else as_time(instant)


def as_time(instant: int) -> datetime:
    """Return the time in UTC."""
    return EPOCH + timedelta(microseconds=instant)


def span(length: timedelta) -> int:
    """Return a length of time in microseconds."""
    return length // _MICROSECOND
