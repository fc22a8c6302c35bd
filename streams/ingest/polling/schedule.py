"""When a source is polled next: its interval, what its server asks for, and patience with what fails. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

JITTER: Final = 0.1
LONGEST_BACK_OFF: Final = 600.0
LONGEST_RETRY_AFTER: Final = 3600.0
"""A server that says more is asked again after an hour: a typing error must not cost a newsroom its day."""
_MOST_FRESH: Final = 4
"""Intervals that `max-age` can stretch a wait to: an editor who says 15 s does not mean a CDN's default hour."""
_SUBSCRIBED: Final = 20
"""Intervals between two polls of a source whose hub tells what is new: polls are only for what it forgets."""
_LONGEST_SUBSCRIBED: Final = 300.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the outcome of a poll means for the time of the next one."""

    failures: int = 0
    """Polls in a row that failed, this one included; 0 after one that went well."""
    retry_after: float = 0.0
    fresh: float = 0.0
    """Seconds for which the server says that its answer is good."""
    subscribed: bool = False


def next_poll(every: float, answer: Answer, luck: float) -> float:
    """Return the seconds until the next poll; `luck`, from 0 to 1, spreads the pollers.

    Never less than nine tenths of the interval, nor than what the server asked for.
    """
    if answer.failures:
        # The exponent is bounded before it is used: a source may be down for days.
        wait = max(every, min(every * 2.0 ** min(answer.failures, 30), LONGEST_BACK_OFF))
    elif answer.subscribed:
        wait = max(every, min(every * _SUBSCRIBED, _LONGEST_SUBSCRIBED))
    else:
        wait = max(every, min(answer.fresh, every * _MOST_FRESH))
    asked = min(answer.retry_after, LONGEST_RETRY_AFTER)
    return max(wait * (1 - JITTER + 2 * JITTER * luck), asked * (1 + JITTER * luck))


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds that `Retry-After` asks for, said as seconds or as a date; 0 when it says nothing."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdecimal():
        return min(float(said[:10]), LONGEST_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError):
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(0.0, (until - now).total_seconds()), LONGEST_RETRY_AFTER)


def freshness(headers: Mapping[str, str]) -> float:
    """Return the seconds for which `Cache-Control` says that the answer is good, less its age in caches."""
    directives = {
        name.strip().lower(): value.strip().strip('"')
        for name, _, value in (part.partition("=") for part in headers.get("Cache-Control", "").split(","))
    }
    if directives.keys() & {"no-cache", "no-store"}:
        return 0.0
    return max(0.0, _seconds(directives.get("max-age", "")) - _seconds(headers.get("Age", "")))


def _seconds(said: str) -> float:
    said = said.strip()
    return float(said[:10]) if said.isascii() and said.isdecimal() else 0.0
