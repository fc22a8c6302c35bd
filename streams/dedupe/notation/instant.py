"""Times as whole microseconds since 1970: small to keep, exact to compare."""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
MINUTE: Final = 60_000_000
DAY: Final = 24 * 60 * MINUTE


def micros(time: datetime | None) -> int | None:
    """Return a time as microseconds."""
    return None if time is None else (time - EPOCH) // _MICROSECOND


def at(time: datetime) -> int:
    """Return a time that is there as microseconds."""
    return (time - EPOCH) // _MICROSECOND


def moment(instant: int | None) -> datetime | None:
    """Return microseconds as an aware time."""
    return None if instant is None else as_time(instant)


def as_time(instant: int) -> datetime:
    """Return microseconds that are there as an aware time."""
    return EPOCH + timedelta(microseconds=instant)


def span(length: timedelta) -> int:
    """Return a length of time in microseconds."""
    return length // _MICROSECOND
