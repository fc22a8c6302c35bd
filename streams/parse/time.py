"""From what a source wrote to an instant, and how it was found."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from schemas.post import TimeBasis
from streams.parse.content import Content

_MILLISECONDS_FROM = 100_000_000_000  # as seconds that would be the year 5138


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC and how it was found."""

    at: datetime
    basis: TimeBasis = TimeBasis.EXACT


def read_time(value: object, content: Content) -> Moment | None:
    """Return the instant a source means, or None when there is none in the value.

    Numbers are seconds or milliseconds since 1970; text is ISO 8601 or RFC 2822; a clock without a zone is the
    source's. `ZONE_ASSUMED` tells the latter.
    """
    if isinstance(value, datetime):
        return _in_utc(value, content)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return Moment(datetime.fromtimestamp(value / 1000 if abs(value) >= _MILLISECONDS_FROM else value, UTC))
        except (OverflowError, ValueError, OSError):
            return None
    if not isinstance(value, str) or not (text := value.strip()):
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return _in_utc(read(text), content)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _in_utc(time: datetime, content: Content) -> Moment:
    if time.tzinfo is None:
        return Moment(time.replace(tzinfo=content.source.zone).astimezone(UTC), TimeBasis.ZONE_ASSUMED)
    if content.source.zulu_is_local and time.utcoffset() == UTC.utcoffset(None):
        return Moment(time.replace(tzinfo=content.source.zone).astimezone(UTC))
    return Moment(time.astimezone(UTC))
