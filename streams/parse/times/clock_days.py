"""From clocks in a page's order to instants: which day each one is on, over midnight and in either direction.

A live page says `00:04` above `23:46` and means that a day lies between; it also shows posts a few minutes out of
order, and an old one pinned at the top. What a page doesn't say comes from the time it was received.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from schemas.post import TimeBasis
from streams.parse.payload.payload import Payload
from streams.parse.times.moment import Moment, at_clock, stamp_day
from streams.parse.times.stamp import Stamp

_DAY: Final = timedelta(days=1)
_SHUFFLED: Final = timedelta(hours=1)
"""Posts out of order by less than this were moved by an editor; they are not of another day."""
_SKEW: Final = timedelta(minutes=10)
_UNKNOWN_ZONE_SKEW: Final = timedelta(hours=2, minutes=5)
"""A source without a timezone setting may be ahead of UTC: its newest post then seems to be in the future."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A stamp and the day that the page gives it, by itself or by a heading above it."""

    stamp: Stamp
    day: date | None = None


def resolve(stamps: Sequence[Dated], payload: Payload, page_day: date | None = None) -> list[Moment]:
    """Return an instant for each stamp, in the same order.

    `page_day` is a day that the page itself is dated with: of its newest post when that stands first, of its oldest
    otherwise.
    """
    if not stamps:
        return []
    received = payload.received_at.astimezone(payload.source.zone).date()
    items = [_on_weekday(_complete(item, payload), page_day or received) for item in stamps]
    newest_first = _newest_first(items, payload)
    ordered = items if newest_first else items[::-1]
    instants = _placed(ordered, payload, page_day, newest_first=newest_first)
    moments = [Moment(at, _basis(item)) for item, at in zip(ordered, instants, strict=True)]
    return moments if newest_first else moments[::-1]


def newest_first(stamps: Sequence[Stamp], payload: Payload) -> bool:
    """Return whether a page's clocks run backwards from top to bottom."""
    return _newest_first([_complete(Dated(stamp), payload) for stamp in stamps], payload)


def _complete(item: Dated, payload: Payload) -> Dated:
    """Give a stamp its own day; a relative one counts from when the document was received."""
    stamp, received = item.stamp, payload.received_at
    if (day := stamp_day(stamp, payload)) is not None:
        return replace(item, day=day)
    if stamp.ago is None:
        return item
    then = (received - stamp.ago).astimezone(payload.source.zone)
    if stamp.clock is None:
        return Dated(replace(stamp, clock=then.time().replace(tzinfo=None), zone=None), then.date())
    return replace(item, day=then.date()) if stamp.ago >= _DAY else item


def _on_weekday(item: Dated, until: date) -> Dated:
    """Give a stamp that only names a weekday the last such day."""
    if item.day is not None or item.stamp.weekday is None:
        return item
    return replace(item, day=until - timedelta(days=(until.weekday() - item.stamp.weekday) % 7))


def _at(item: Dated, day: date, payload: Payload) -> datetime:
    return at_clock(day, item.stamp.clock or time(), item.stamp.zone, payload)


def _newest_first(items: Sequence[Dated], payload: Payload) -> bool:
    reference = payload.received_at.astimezone(payload.source.zone).date()
    forward = 0
    for one, other in pairwise(items):
        step = _at(other, other.day or reference, payload) - _at(one, one.day or reference, payload)
        if one.day is None or other.day is None:  # the shorter way round the clock
            step = (step + _DAY / 2) % _DAY - _DAY / 2
        forward += (step > timedelta()) - (step < timedelta())
    return forward <= 0


def _placed(items: Sequence[Dated], payload: Payload, page_day: date | None, *, newest_first: bool) -> list[datetime]:
    """Return the instants of items that stand newest first."""
    start = next((place for place, item in enumerate(items) if item.day is not None), None)
    if start is not None:
        anchor = _at(items[start], items[start].day or date.min, payload)
    elif page_day is not None and not newest_first:
        start, anchor = len(items) - 1, _at(items[-1], page_day, payload)
    elif page_day is not None:
        start, anchor = 0, _at(items[0], page_day, payload)
    else:
        start = 1 if _pinned_on_top(items, payload) else 0
        anchor = _before_received(items[start], payload)
    older = _walk(anchor, items[start + 1 :], payload, timedelta(-1))
    newer = _walk(anchor, items[:start][::-1], payload, timedelta(1))
    if start == 1 and items[0].day is None and items[1].day is None and page_day is None:
        newer = [_before_received(items[0], payload)]
    return [*newer[::-1], anchor, *older]


def _latest(item: Dated, until: datetime, payload: Payload) -> datetime:
    """Return the last time before `until` that the clock showed this."""
    day = until.date() + _DAY + _DAY
    while (at := _at(item, day, payload)) > until:
        day -= _DAY
    return at


def _earliest(item: Dated, since: datetime, payload: Payload) -> datetime:
    """Return the first time after `since` that the clock showed this."""
    day = since.date() - _DAY - _DAY
    while (at := _at(item, day, payload)) < since:
        day += _DAY
    return at


def _before_received(item: Dated, payload: Payload) -> datetime:
    zoned = item.stamp.zone is not None or payload.source.timezone not in ("UTC", "Etc/UTC")
    return _latest(item, payload.received_at + (_SKEW if zoned else _UNKNOWN_ZONE_SKEW), payload)


def _pinned_on_top(items: Sequence[Dated], payload: Payload) -> bool:
    """Whether the first is older than the second although the newest stand first, and the second fits today."""
    if len(items) < 3:  # noqa: PLR2004  (two posts don't show what the rule is and what the exception)
        return False
    first, second = (_before_received(item, payload) for item in items[:2])
    return first + _SHUFFLED < second and second - first < _DAY * 3 / 4


def _walk(anchor: datetime, items: Sequence[Dated], payload: Payload, way: timedelta) -> list[datetime]:
    """Return the instants of items that follow an anchor, older and older or newer and newer."""
    find, other = (_latest, _earliest) if way < timedelta() else (_earliest, _latest)
    found: list[datetime] = []
    last = anchor
    for place, item in enumerate(items):
        if item.day is not None:
            last = _at(item, item.day, payload)
            found.append(last)
            continue
        onward, back = find(item, last, payload), other(item, last, payload)
        following = items[place + 1] if place + 1 < len(items) else None
        if _is_shuffled(onward, back, last, following, payload, way):
            found.append(back)  # `last` stays: the page goes on from there
        else:
            found.append(onward)
            last = onward
    return found


def _is_shuffled(
    onward: datetime, back: datetime, last: datetime, following: Dated | None, payload: Payload, way: timedelta
) -> bool:
    """Whether an item stands out of order, rather than nearly a day onward."""
    against, gap = abs(back - last), abs(onward - last)
    if not against or not gap:
        return False
    if against <= _SHUFFLED:
        return True
    if gap <= _DAY / 2 or following is None or following.day is not None:
        return False
    find = _latest if way < timedelta() else _earliest
    return abs(find(following, last, payload) - last) < gap  # the next one goes on as if this one were not there


def _basis(item: Dated) -> TimeBasis:
    stamp = item.stamp
    if (
        item.day is None
        or (stamp.weekday is not None and not stamp.dated)
        or (stamp.day is not None and stamp.year is None)
        or (stamp.ago is not None and not stamp.dated)
    ):
        return TimeBasis.DATE_INFERRED
    return TimeBasis.EXACT if stamp.zone else TimeBasis.ZONE_ASSUMED
