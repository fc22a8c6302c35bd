"""How a subscriber begins, catches up and becomes live, whatever its transport."""

import asyncio
import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from streams.archive import Due, Revision, due
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.cursor import CursorError, decode_cursor
from streams.gateway.delivery.hub import Hub
from streams.gateway.delivery.start import Start
from streams.gateway.delivery.transport import Began, Subscriber
from streams.gateway.metrics import GatewayMetrics

_WAIT_SECONDS: Final = 0.05
_LOOK_SECONDS: Final = 1.0
_CHUNK_BYTES: Final = 64 * 1024


class Incomplete(Exception):  # noqa: N818  (what the event says)
    """The subscription can't resume from the cursor."""


class CatchUp:
    """Brings one subscriber from where it wants to begin to the hub's position, and makes it live there."""

    __slots__ = ("_config", "_hub", "_metrics", "_place", "_subscriber")

    def __init__(self, hub: Hub, config: GatewayConfig, metrics: GatewayMetrics, subscriber: Subscriber) -> None:
        self._hub = hub
        self._config = config
        self._metrics = metrics
        self._subscriber = subscriber
        self._place: dict[int, int] | None = None

    @property
    def cursor(self) -> str | None:
        """The position after what was written so far; None amid the current state, which has no order in the log."""
        return self._hub.cursor(self._place) if self._place is not None else None

    async def run(self, start: Start) -> None:
        """Write all that the subscriber misses; returns once it is live or gone."""
        if await self._hub_has_read():
            await self._follow(dict(await self._begin(start)))

    async def _hub_has_read(self) -> bool:
        """Wait until the hub has caught up with the log; returns whether the subscriber is still there.

        A gateway that is still reading keeps its clients, with heartbeats: a browser never comes back after a 503.
        """
        while not self._hub.caught_up.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._hub.caught_up.wait()
            if not self._subscriber.open:
                return False
        return True

    async def _begin(self, start: Start) -> Mapping[int, int]:
        """Say how it begins, and return the position from which everything is to follow."""
        if start.cursor is not None:
            try:
                position = await self._place_of(start.cursor)
            except Incomplete as reason:
                self._say_began(Began.INCOMPLETE, None)
                return await self._state_instead(str(reason))
            self._say_began(Began.RESUME, position)
            return position
        if start.since is not None:
            position, whole = await self._hub.archive.since(int(start.since.timestamp() * 1000))
            self._say_began(Began.SINCE, position if whole else None)
            if not whole:
                return await self._state_instead("what is held begins later than the time that was asked for")
            return position
        if start.latest:
            first = await self._first_of_newest(start.limit) if start.limit else 0
            self._say_began(Began.LATEST, None)
            return await self._current_state(first)
        self._say_began(Began.LIVE, self._hub.position)
        return self._hub.position

    def _say_began(self, how: Began, position: Mapping[int, int] | None) -> None:
        self._place = dict(position) if position is not None else None
        self._subscriber.write(self._subscriber.encoder.began(how, self.cursor))
        self._metrics.subscriptions.labels(how.value).inc()

    async def _place_of(self, cursor: str) -> dict[int, int]:
        """Return the position of a cursor that this gateway can continue."""
        try:
            given = decode_cursor(self._hub.tag, cursor)
        except CursorError as error:
            raise Incomplete(str(error)) from error
        if not given.keys() <= self._hub.position.keys():
            raise Incomplete("the cursor names a partition that this log doesn't have")
        # A partition that was added after the cursor was made begins at its beginning.
        position = {partition: given.get(partition, 0) for partition in self._hub.position}
        if any(offset < self._hub.archive.floor[partition] for partition, offset in position.items()):
            raise Incomplete("the cursor is older than what is held")
        # Another gateway may be some milliseconds ahead of this one.
        deadline = time.monotonic() + self._config.cursor_wait
        while self._hub.is_behind(position):
            if time.monotonic() > deadline or not self._subscriber.open:
                raise Incomplete("the cursor is ahead of the log")
            await asyncio.sleep(_WAIT_SECONDS)
        return position

    async def _state_instead(self, reason: str) -> Mapping[int, int]:
        self._subscriber.write(self._subscriber.encoder.incomplete(reason))
        return await self._current_state(0)

    async def _first_of_newest(self, count: int) -> int:
        """Return the number of the entry with which the newest `count` begin that fit and may be read; 0 for all."""
        before: int | None = None
        while count and self._subscriber.open:
            page = await self._hub.archive.entries(self._subscriber.wanted, before, min(count, self._config.page_size))
            if page.next is None:
                return 0
            count -= len(page.revisions)
            before = page.next
        return before or 0

    async def _current_state(self, first: int) -> Mapping[int, int]:
        """Write the newest revision of every entry that fits, and return the position up to which they are current.

        They have no cursors: a client that loses the connection among them must not take its part for the whole.
        """
        until = dict(self._hub.position)
        following: int | None = first
        subscriber = self._subscriber
        while following is not None and subscriber.open:
            page = await self._hub.archive.latest(until, subscriber.wanted, following, self._config.page_size)
            await self._write(
                (subscriber.encoder.entry(each.value, Due.ENTRY, None) for each in page.revisions), "latest"
            )
            following = page.next
        return until

    async def _follow(self, place: dict[int, int]) -> None:
        """Write what follows a position, from memory or archive, and make the subscriber live where it ends."""
        self._place = place
        subscriber, hub, page_size = self._subscriber, self._hub, self._config.page_size
        following: int | None = None
        while subscriber.open:
            # The archive is a moment ahead of the hub; who joined in between would get the same from the hub again.
            while hub.is_behind(place):  # noqa: ASYNC110  (it is a step of the loop away)
                await asyncio.sleep(0)
            missed = hub.window.after(place)
            if missed is not None:
                waited = await self._write(self._due(place, missed[:page_size]), "memory")
                if len(missed) <= page_size and not waited:
                    # The loop did not turn since `after`: what comes next is written by the hub.
                    subscriber.write(subscriber.encoder.live(hub.cursor(hub.position)))
                    hub.join(subscriber)
                    return
            else:
                page = await hub.archive.after(place, subscriber.wanted, following, page_size)
                if not page.whole:
                    # It was pruned since the cursor was looked at, by this gateway or another.
                    place, following = dict(await self._state_instead("what is held begins later by now")), None
                    self._place = place
                    continue
                await self._write(self._due(place, page.revisions), "archive")
                place.update(page.position)
                following = page.next

    def _due(self, place: dict[int, int], revisions: Iterable[Revision]) -> Iterator[bytes]:
        """Yield what is due of these revisions, and move the place over all of them."""
        for revision in revisions:
            place[revision.partition] = revision.offset + 1
            how = due(self._subscriber.wanted, revision)
            if how is not Due.NOT:
                yield self._subscriber.encoder.entry(revision.value, how, self._hub.cursor(place))

    async def _write(self, messages: Iterable[bytes], source: str) -> bool:
        """Write in chunks, each after the client has read the one before; returns whether that took a wait."""
        subscriber, waited = self._subscriber, False
        count, chunk = 0, bytearray()
        for message in messages:
            count += 1
            chunk += message
            if len(chunk) >= _CHUNK_BYTES:
                subscriber.write(bytes(chunk))
                chunk.clear()
                waited = await subscriber.room() or waited
                if not subscriber.open:
                    break
        if chunk:
            subscriber.write(bytes(chunk))
        self._metrics.replayed.labels(source).inc(count)
        return await subscriber.room() or waited
