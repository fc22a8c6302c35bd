"""From a time as a source wrote it to an instant, with how sure it is."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from schemas.post import TimeBasis
from streams.parse.payload.payload import Payload
from streams.parse.times.stamp import Stamp, read_stamp
from streams.parse.times.zones import zone_of

_MILLISECONDS_FROM: Final = 100_000_000_000  # as seconds that would be the year 5138
_MICROSECONDS_FROM: Final = 100_000_000_000_000
_LONGEST_CHARS: Final = 80
_EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)  # zero in an epoch field means that there is no time
_YEARS_AHEAD: Final = 10
_EPOCH_DIGITS: Final = re.compile(r"-?\d{9,16}(?:\.\d{1,9})?")
_DOT_NET: Final = re.compile(r"/?\\?/?Date\((-?\d{1,16})(?:[+-]\d{4})?\)\\?/?")
_COMPACT: Final = re.compile(r"(\d{8})T?(\d{4}(?:\d{2})?)(Z|[+-]\d{4})?")
_ISO: Final = re.compile(
    r"(\d{4})[-/](\d{2})[-/](\d{2})[tT _]\s*(\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d{1,12})?"
    r"\s*([zZ]|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?Z?(?:\[[\w/+-]{1,40}\])?"
)
_COMMENT: Final = re.compile(r"\s*\([^()]{1,40}\)$")  # RFC 2822: "+0100 (BST)"
# By script, the languages whose months `months.py` doesn't name.
_LANGUAGES: Final = {
    re.compile(pattern): tuple(languages.split())
    for pattern, languages in {
        "[\u3040-\u30ff\u4e00-\u9fff]": "zh ja",
        "[\uac00-\ud7af]": "ko",
        "[\u0600-\u06ff]": "ar fa ur",
        "[\u0900-\u097f]": "hi mr ne",
        "[\u0980-\u09ff]": "bn",
        "[\u0b80-\u0bff]": "ta",
        "[\u0c00-\u0c7f]": "te",
        "[\u0e00-\u0e7f]": "th",
        "[\u0590-\u05ff]": "he",
        "[\u0370-\u03ff]": "el",
        "[\u0400-\u04ff]": "ru uk bg sr",
        "[a-zA-Z]{3}": "hu fi cs ro vi hr et lv lt sk sl",
    }.items()
}
_NOT_A_TIME: Final = frozenset({"none", "null", "undefined", "n/a", "invalid date", "nan"})


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC, with how it was determined."""

    at: datetime
    basis: TimeBasis = TimeBasis.EXACT


def read_time(value: object, payload: Payload) -> Moment | None:
    """Return the instant that a value means, or None if it means no instant.

    Numbers are seconds, milliseconds or microseconds since 1970; text is ISO 8601, RFC 2822 or a date as a newsroom
    writes it. A clock without a zone is the source's (`ZONE_ASSUMED`); one without a date is that of the last 24
    hours before the document was received (`DATE_INFERRED`). An impossible year gives None.
    """
    try:
        moment = _read(value, payload)
    except (OverflowError, ValueError, OSError):
        return None
    if moment is None or moment.at < _EARLIEST or moment.at.year > payload.document.received_at.year + _YEARS_AHEAD:
        return None
    return moment


def stamp_day(stamp: Stamp, payload: Payload) -> date | None:
    """Return the day that a stamp names; without a year, the last such day before the document was received."""
    received = payload.received_at.astimezone(payload.source.zone).date()
    if stamp.numeric is not None:
        first, second, year = stamp.numeric
        return _sorted_out(first, second, year, payload)
    if stamp.day is None or stamp.month is None:
        return None
    if stamp.year is not None:
        return date(stamp.year, stamp.month, stamp.day)
    for year in range(received.year + 1, received.year - 8, -1):  # 29 February is at most 8 years back
        try:
            day = date(year, stamp.month, stamp.day)
        except ValueError:
            continue
        if day <= received + timedelta(days=1):
            return day
    return None


def at_clock(day: date, clock: time, zone_name: str | None, payload: Payload) -> datetime:
    """Return the instant of a clock on a day; a zone's name in the text wins over the source's zone."""
    local = datetime.combine(day, clock)
    home = payload.source.zone
    zone: tzinfo = (zone_of(zone_name, local, home) if zone_name else None) or home
    if zone_name == "Z" and payload.source.zulu_is_local:
        zone = home
    return local.replace(tzinfo=zone).astimezone(UTC)


def _read(value: object, payload: Payload) -> Moment | None:
    if isinstance(value, datetime):
        return _in_utc(value, payload)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Moment(_epoch(value))
    if not isinstance(value, str) or not (text := value.strip()) or len(text) > _LONGEST_CHARS:
        return None
    try:
        return _in_utc(datetime.fromisoformat(text), payload) if not text.isdecimal() else _digits(text, payload)
    except ValueError:
        return _other(text, payload)


def _epoch(value: float) -> datetime:
    size = abs(value)
    seconds = value / 1e6 if size >= _MICROSECONDS_FROM else value / 1e3 if size >= _MILLISECONDS_FROM else value
    return datetime.fromtimestamp(seconds, UTC)


def _digits(text: str, payload: Payload) -> Moment | None:
    if len(text) in (8, 12, 14) and "19" <= text[:2] <= "20":
        return _in_utc(datetime.fromisoformat(f"{text[:8]}T{text[8:] or '0000'}"), payload)
    return Moment(_epoch(int(text))) if _EPOCH_DIGITS.fullmatch(text) else None


def _other(text: str, payload: Payload) -> Moment | None:
    """Read what Python's own ISO reader doesn't know."""
    if iso := _ISO.fullmatch(text):
        return _in_utc(_of_iso(*iso.groups(default="")), payload)
    if compact := _COMPACT.fullmatch(text):
        return _in_utc(datetime.fromisoformat("{}T{}{}".format(*compact.groups(default=""))), payload)
    if net := _DOT_NET.fullmatch(text):
        return Moment(_epoch(int(net[1]) / 1e3))
    if _EPOCH_DIGITS.fullmatch(text):
        return Moment(_epoch(float(text)))
    return None if text.lower() in _NOT_A_TIME else _written(_COMMENT.sub("", text), payload)


def _of_iso(year: str, month: str, day: str, clock: str, zone: str) -> datetime:
    clock = clock.rjust(len(clock) + (clock[1] == ":"), "0")
    later = timedelta(days=clock.startswith("24:00"))  # ISO 8601: the end of the day
    offset = "+00:00" if zone[:1] in tuple("zZUG") else zone
    return datetime.fromisoformat(f"{year}-{month}-{day}T{'00:00' + clock[5:] if later else clock}{offset}") + later


def _written(text: str, payload: Payload) -> Moment | None:
    """Read a date as a newsroom writes it."""
    stamp = read_stamp(text)
    if stamp is not None and not text[stamp.end :].strip(" .,;()"):
        return _of_stamp(stamp, payload)
    return _guessed(text, payload)


def _of_stamp(stamp: Stamp, payload: Payload) -> Moment | None:
    received = payload.received_at
    day = stamp_day(stamp, payload)
    if day is None and stamp.clock is None:
        return Moment(received - stamp.ago, TimeBasis.DATE_INFERRED) if stamp.ago is not None else None
    clock = stamp.clock or time()
    if day is None:
        day = (received.astimezone(payload.source.zone) - (stamp.ago or timedelta())).date()
        at = at_clock(day, clock, stamp.zone, payload)
        if stamp.ago is None and at > received + timedelta(minutes=10):
            at = at_clock(day - timedelta(days=1), clock, stamp.zone, payload)
        return Moment(at, TimeBasis.DATE_INFERRED)
    at = at_clock(day, clock, stamp.zone, payload)
    if stamp.numeric is None and stamp.year is None:
        return Moment(at, TimeBasis.DATE_INFERRED)
    return Moment(at, TimeBasis.EXACT if stamp.zone else TimeBasis.ZONE_ASSUMED)


def _sorted_out(first: int, second: int, year: int, payload: Payload) -> date:
    """Return the day of `05/06/2023`: the fifth of June but in the United States."""
    american = (payload.source.language or "").lower() == "en-us" or payload.source.timezone.startswith("US/")
    day, month = (second, first) if american else (first, second)
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, day, month)


def _guessed(text: str, payload: Payload) -> Moment | None:
    """Ask dateparser, which knows 200 languages: only those of the text's script, for all of them take 30 ms."""
    if not any(character.isdecimal() for character in text):
        return None
    for script, languages in _LANGUAGES.items():
        if script.search(text):
            found = _dateparser(text, languages)
            return _in_utc(found, payload) if found else None
    return None


@lru_cache(maxsize=256)
def _dateparser(text: str, languages: tuple[str, ...]) -> datetime | None:
    import dateparser  # noqa: PLC0415  (half a second to import, and seldom needed)

    # "absolute-time" alone: a relative time would be counted from the machine's clock.
    settings = {"STRICT_PARSING": True, "PARSERS": ["absolute-time"], "RETURN_AS_TIMEZONE_AWARE": False}
    found: datetime | None = dateparser.parse(text, languages=list(languages), settings=settings)
    return found


def _in_utc(moment: datetime, payload: Payload) -> Moment:
    if moment.tzinfo is None:
        return Moment(moment.replace(tzinfo=payload.source.zone).astimezone(UTC), TimeBasis.ZONE_ASSUMED)
    if payload.source.zulu_is_local and not moment.utcoffset():
        return Moment(moment.replace(tzinfo=payload.source.zone).astimezone(UTC))
    return Moment(moment.astimezone(UTC))
