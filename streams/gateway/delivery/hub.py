"""The hub: writes each revision, encoded once, to all who want it, and holds what they resume from.

Everything here runs on one event loop, and between an event's write and the new position there is no await: whoever
joins at the hub's position misses nothing and gets nothing twice. The archiver reads the log and feeds the hub.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from streams.archive import Archive, ArchiveLostError, Revision
from streams.background import end_task
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.cursor import encode_cursor
from streams.gateway.delivery.groups import Event, Groups
from streams.gateway.delivery.transport import Subscriber, Transport
from streams.gateway.feed.window import Window
from streams.gateway.metrics import GatewayMetrics

_FAREWELL_SECONDS: Final = 2.0
"""How long clients have, when the gateway goes down, to read what was written for them."""
_LOOK_SECONDS: Final = 0.02


class Hub:
    """Delivers what one reader of the log has read to many subscribers."""

    def __init__(self, config: GatewayConfig, metrics: GatewayMetrics) -> None:
        """Deliver nothing before `take_up`."""
        self._config = config
        self._metrics = metrics
        self._groups = Groups()
        self._archive: Archive | None = None
        self._beating: asyncio.Task[None] | None = None
        self.connected: set[Transport] = set()
        """All connections, whether their subscriptions are live or catching up."""
        self.caught_up = asyncio.Event()
        """All is read that the log held when the archiver began."""
        self.position: dict[int, int] = {}
        """What has been written to the live ones: the offset that comes next, of every partition."""
        self.window = Window({}, max_count=0, max_bytes=0)
        self.coverages: set[str] = set()
        """All coverages that the log has entries of, as far as it was read."""
        self.tag = b""
        self.reason: str | None = "the gateway is starting"
        """Why there is nothing new, or None."""
        self.heard_ms: Callable[[], int] = lambda: 0
        """When the log last answered, in milliseconds since 1970."""

    @property
    def archive(self) -> Archive:
        """The archive; there is one once `caught_up` was set."""
        if self._archive is None:
            raise ArchiveLostError("the hub has no archive before it has caught up")
        return self._archive

    async def start(self) -> None:
        """Begin with heartbeats."""
        self._beating = asyncio.create_task(self._beat(), name="hub-heartbeat")

    async def stop(self) -> None:
        """End all connections; a client that does not read its end is cut off after a moment."""
        self.send_away()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL_SECONDS):
                while self.connected:  # noqa: ASYNC110  (they end by themselves, each in its transport)
                    await asyncio.sleep(_LOOK_SECONDS)
        for transport in list(self.connected):
            transport.drop()
        await end_task(self._beating)

    def take_up(self, archive: Archive, tag: bytes, coverages: Iterable[str]) -> None:
        """Deliver from this archive's log from now on."""
        self._archive = archive
        self.tag = tag
        self.coverages = set(coverages)
        self.begin_at(archive.position)

    def begin_at(self, position: Mapping[int, int]) -> None:
        """Go on at a position, with nothing in memory before it."""
        self.position = dict(position)
        self.window = Window(self.position, max_count=self._config.window_count, max_bytes=self._config.window_bytes)

    def let_go(self) -> None:
        """Stop delivering until another archive is taken up; all connections end."""
        self.caught_up.clear()
        self.send_away()
        self._archive = None

    def send_away(self) -> None:
        """End all connections; the clients come back with their cursors."""
        for transport in list(self.connected):
            transport.go_away()
        self._groups.clear()
        self._metrics.subscribers.set(0)

    def join(self, subscriber: Subscriber) -> None:
        """Make a subscriber live; it has been sent all that stands before the hub's position."""
        subscriber.live()
        self._groups.add(subscriber)
        self._metrics.subscribers.set(len(self._groups))

    def leave(self, subscriber: Subscriber) -> None:
        """Deliver nothing more to this subscriber; `wanted` and `encoder` must be those with which it joined."""
        self._groups.discard(subscriber)
        self._metrics.subscribers.set(len(self._groups))

    def cursor(self, position: Mapping[int, int]) -> str:
        """Return the cursor of a position in this log."""
        return encode_cursor(self.tag, position)

    def is_behind(self, position: Mapping[int, int]) -> bool:
        """Whether a position is ahead of what has been delivered."""
        return any(offset > self.position.get(partition, 0) for partition, offset in position.items())

    def deliver(self, revisions: Sequence[Revision], position: Mapping[int, int]) -> None:
        """Write archived revisions to live subscribers, and advance the position; never waits."""
        place = dict(self.position)
        events = []
        for revision in revisions:
            self.window.add(revision)
            self.coverages.add(revision.now.coverage)
            place[revision.partition] = revision.offset + 1
            if self._groups:
                events.append(Event(revision, self.cursor(place)))
        done = self._groups.write(events)
        self.position.update(position)
        self._metrics.entries.inc(len(revisions))
        self._metrics.deliveries.inc(done.deliveries)
        self._metrics.delivered_bytes.inc(done.size_bytes)
        self._metrics.dropped.inc(done.dropped)
        if done.deliveries:
            now = time.time()
            for revision in revisions:
                self._metrics.delivery_seconds.observe(max(0.0, now - revision.timestamp / 1000))

    def deliver_alert(self, value: bytes, coverage: str) -> None:
        """Write an alert, as it stands on its topic, to live subscribers that asked for alerts and may read it."""
        encoded: dict[object, bytes] = {}
        for subscriber in self._groups:
            if not subscriber.alerts or not subscriber.may_be_told_of(coverage):
                continue
            if subscriber.encoder not in encoded:
                encoded[subscriber.encoder] = subscriber.encoder.alert(value)
            if subscriber.paused:
                self._metrics.dropped.inc()
                subscriber.drop()
            else:
                subscriber.write(encoded[subscriber.encoder])

    def not_ready(self) -> str | None:
        """Return why the gateway is not ready, or None."""
        if self.reason is not None:
            return self.reason
        if not self.caught_up.is_set():
            return "the gateway has not read yet what the log held when it began"
        if time.time() - self.heard_ms() / 1000 > self._config.kafka_silence:
            return f"Kafka has not answered for more than {self._config.kafka_silence:g} s"
        return None

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._config.heartbeat)
            for transport in list(self.connected):
                transport.beat()
