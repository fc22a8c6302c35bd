"""A replay: what was received in a period is delivered again, each revision at its time; then it ends or is live."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from streams.archive import Due, Revision, due
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.catch_up import CatchUp, Incomplete
from streams.gateway.delivery.hub import Hub
from streams.gateway.delivery.period import Period
from streams.gateway.delivery.transport import Began, Subscriber
from streams.gateway.metrics import GatewayMetrics
from streams.replay.pace import Pace

_LOOK_SECONDS: Final = 0.25
"""How soon it is noticed, while nothing is told, that the subscriber left or the period's end has come."""


class Replay(CatchUp):
    """Brings a subscriber through a period, then to its end or to the hub's position, and makes it live there."""

    __slots__ = ("_pace", "_period", "_until")

    def __init__(
        self, hub: Hub, config: GatewayConfig, metrics: GatewayMetrics, subscriber: Subscriber, period: Period
    ) -> None:
        super().__init__(hub, config, metrics, subscriber)
        self._period = period
        self._pace = Pace(period.speed, time.monotonic)
        self._until: Mapping[int, int] | None = None
        """What the log held when the period was over; nothing that comes later is waited for."""

    async def play(self, cursor: str | None) -> str | None:
        """Write what follows a cursor of this replay, or all of it; returns the cursor at which the period has ended.

        None is returned once the subscriber is live or gone.
        """
        if not await self._hub_has_read():
            return None
        return await self._go_through(dict(await self._first(cursor)))

    async def _first(self, cursor: str | None) -> Mapping[int, int]:
        """Return the position after the cursor, else that of the period's begin; says where something is missing."""
        reason = None
        if cursor is not None:
            try:
                position: Mapping[int, int] = await self._place_of(cursor)
            except Incomplete as error:
                reason = f"{error}; the replay begins again"
            else:
                self._say_began(Began.RESUME, position)
                return position
        position, whole = await self._hub.archive.since(self._period.begins_ms)
        if not whole:
            reason = "what is held begins later than the time that was asked for"
        self._say_began(Began.INCOMPLETE if reason else Began.REPLAY, position)
        if reason:
            self._subscriber.write(self._subscriber.encoder.incomplete(reason))
        return position

    async def _go_through(self, place: dict[int, int]) -> str | None:
        self._place = place
        subscriber, hub, page_size = self._subscriber, self._hub, self._config.page_size
        following: int | None = None
        while subscriber.open:
            # The archive is a moment ahead of the hub.
            while hub.is_behind(place):  # noqa: ASYNC110  (it is a step of the loop away)
                await asyncio.sleep(0)
            if self._is_over(place):
                return hub.cursor(place)
            missed = hub.window.after(place)
            if missed is None:
                page = await hub.archive.after(place, subscriber.wanted, following, page_size)
                await self._tell(place, page.revisions, "archive")
                if subscriber.open:
                    place.update(page.position)
                    following = page.next
                continue
            if await self._tell(place, missed[:page_size], "memory") or len(missed) > page_size:
                continue
            # The loop did not turn since `after`: nothing stands before the hub's position but what was told.
            place.update(hub.position)
            if self._period.ends is None:
                subscriber.write(subscriber.encoder.live(hub.cursor(place)))
                hub.join(subscriber)
                return None
            if not self._is_over(place):
                await asyncio.sleep(_LOOK_SECONDS)
        return None

    def _is_over(self, place: Mapping[int, int]) -> bool:
        """Whether the period has ended, and all of it that the log holds was delivered."""
        ends = self._period.ends
        if self._until is None and ends is not None and self._config.clock() >= ends:
            self._until = dict(self._hub.position)
        return self._until is not None and all(place.get(each, 0) >= end for each, end in self._until.items())

    async def _tell(self, place: dict[int, int], revisions: Sequence[Revision], source: str) -> bool:
        """Write what is due of these revisions, each at its time; returns whether the loop turned meanwhile."""
        if self._period.speed is None:
            return await self._write(self._due(place, revisions), source)
        turned = False
        for revision in revisions:
            if self._is_due(revision):
                turned = await self._its_time(revision) or turned
            if not self._subscriber.open:
                return True
            turned = await self._write(self._due(place, (revision,)), source) or turned
        return turned

    async def _its_time(self, revision: Revision) -> bool:
        """Wait until a revision's turn has come, or the subscriber is gone; returns whether the loop turned."""
        turned = False
        at = datetime.fromtimestamp(revision.timestamp / 1000, UTC)
        while self._subscriber.open and (left := self._pace.wait_seconds(at)) > 0:
            await asyncio.sleep(min(left, _LOOK_SECONDS))
            turned = True
        return turned

    def _is_due(self, revision: Revision) -> bool:
        return self._period.holds(revision.timestamp) and due(self._subscriber.wanted, revision) is not Due.NOT

    def _due(self, place: dict[int, int], revisions: Iterable[Revision]) -> Iterator[bytes]:
        """Yield what is due of these revisions and of the period, and move the place over all of them."""
        for revision in revisions:
            if self._period.holds(revision.timestamp):
                yield from super()._due(place, (revision,))
            else:
                place[revision.partition] = revision.offset + 1
