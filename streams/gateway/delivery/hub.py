"""The hub: reads the log once, archives it, and writes each revision's bytes, encoded once, to all who want it.

Everything here runs on one event loop, and between an event's write and the new position there is no await: whoever
joins at the hub's position misses nothing and gets nothing twice.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from streams.archive import Archive, ArchiveLostError, Revision, SqliteArchive, due
from streams.exceptions import BrokerError, LivelineError
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.cursor import encode_cursor, log_tag
from streams.gateway.feed.entry_log import EntryLog, MissingRecordsError
from streams.gateway.feed.record import UnreadableRecordError, read_revision
from streams.gateway.feed.window import Window
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.transports.sse import HEARTBEAT, Frames
from streams.gateway.transports.subscriber import Subscriber

if TYPE_CHECKING:
    from streams.gateway.delivery.filters import Filter

_AGAIN: Final = 1.0
_WATCH: Final = 1.0


class Hub:
    """One reader, one archive, many subscribers."""

    def __init__(self, config: GatewayConfig, metrics: GatewayMetrics) -> None:
        """Nothing connects before `start`."""
        self._config = config
        self._metrics = metrics
        self._groups: defaultdict[Filter, set[Subscriber]] = defaultdict(set)
        self._archive: Archive | None = None
        self._log: EntryLog | None = None
        self._of: tuple[str, tuple[int, ...]] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.connected: set[Subscriber] = set()
        """All subscribers, live or catching up."""
        self.caught_up = asyncio.Event()
        """All is read that the log held when the hub began."""
        self.position: dict[int, int] = {}
        """What has been written to the live ones: the offset that comes next, of every partition."""
        self.window = Window({}, max_count=0, max_bytes=0)
        self.coverages: set[str] = set()
        """All coverages that the log has entries of, as far as it was read."""
        self.tag = b""
        self.reason: str | None = "the gateway is starting"
        """Why the hub is not ready."""

    @property
    def archive(self) -> Archive:
        """The archive; there is one once `caught_up` was set."""
        if self._archive is None:
            raise ArchiveLostError("the hub has no archive before it has caught up")
        return self._archive

    async def start(self) -> None:
        """Begin to read."""
        self._tasks = [
            asyncio.create_task(self._run(), name="hub-read"),
            asyncio.create_task(self._beat(), name="hub-heartbeat"),
            asyncio.create_task(self._watch(), name="hub-watch"),
        ]

    async def stop(self) -> None:
        """End all streams, and stop reading."""
        for subscriber in list(self.connected):
            subscriber.close()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._archive is not None:
            await self._archive.close()

    def join(self, subscriber: Subscriber) -> None:
        """Make a subscriber live; it has been sent all that stands before the hub's position."""
        subscriber.live()
        self._groups[subscriber.filter].add(subscriber)
        self._metrics.subscribers.inc()

    def leave(self, subscriber: Subscriber) -> None:
        """Forget a subscriber whose connection has ended."""
        self.connected.discard(subscriber)
        group = self._groups.get(subscriber.filter)
        if group is not None and subscriber in group:
            group.discard(subscriber)
            self._metrics.subscribers.dec()
            if not group:
                del self._groups[subscriber.filter]

    def cursor(self, position: Mapping[int, int]) -> str:
        """Return the cursor of a position in this log."""
        return encode_cursor(self.tag, position)

    async def _run(self) -> None:
        while True:
            try:
                await self._read()
            except (KafkaError, LivelineError, OSError, sqlite3.Error) as error:
                self.reason = _public_reason(error)
                self._config.log.warning("hub.stopped", error=f"{type(error).__name__}: {error}")
            except Exception as error:
                self.reason = _public_reason(error)
                self._config.log.exception("hub.failed")
            if self._archive is not None and (lost := self._archive.lost()):
                await self._begin_anew(lost)
            await asyncio.sleep(_AGAIN)

    async def _begin_anew(self, lost: str) -> None:
        """Let go of an archive that is lost; the next one is read from the beginning of the log."""
        self.caught_up.clear()
        self._drop_all()
        archive, self._archive, self._of = self._archive, None, None
        if archive is not None:
            with contextlib.suppress(sqlite3.Error, LivelineError):
                await archive.close()
            archive.set_aside(lost)

    async def _read(self) -> None:
        identity = await self._config.log_identity()
        log = EntryLog(self._config.kafka, self._config.names.entries)
        try:
            partitions = await log.start()
            if not partitions:
                raise BrokerError(f"topic {self._config.names.entries} does not exist; see `liveline topics create`")
            await self._take_up(identity, tuple(partitions))
            await self._seek(log)
            self._log = log
            while not log.grown():
                if lost := self.archive.lost():
                    raise ArchiveLostError(f"the archive is {lost}")
                try:
                    records = await log.read()
                except OffsetOutOfRangeError:
                    await self._seek(log)
                    continue
                if records:
                    await self._take(records)
                if not self.caught_up.is_set() and await log.caught_up():
                    self._config.log.info("the gateway has caught up", position=dict(self.position))
                    self.caught_up.set()
                self.reason = None
        finally:
            self._log = None
            await log.stop()

    async def _take_up(self, identity: str, partitions: tuple[int, ...]) -> None:
        """Open the archive of this log; a log that was replaced while we run is another."""
        if self._of != (identity, partitions):
            if self._archive is not None:
                self.caught_up.clear()
                self._drop_all()
                archive, self._archive = self._archive, None
                await archive.close()
            archive = SqliteArchive(self._config.archive, self._config.log)
            await archive.open(identity, partitions)
            self._archive = archive
            self.coverages = {held.coverage_id for held in await archive.coverages()}
            self._of = (identity, partitions)
            self.tag = log_tag(identity)
            self._begin_at_archive()
        elif self.position != dict(self.archive.position):
            # Something was archived and not delivered: those who are live get it when they come back.
            self._drop_all()
            self._begin_at_archive()

    def _begin_at_archive(self) -> None:
        self.position = dict(self.archive.position)
        self.window = Window(self.position, max_count=self._config.window_count, max_bytes=self._config.window_bytes)

    async def _seek(self, log: EntryLog) -> None:
        try:
            await log.seek(self.archive.position)
        except MissingRecordsError as missing:
            self._config.log.warning("the log begins later than the archive ends", begins=dict(missing.position))
            await self.archive.restart(missing.position)
            # Those who are live would not notice the gap; coming back, they are told.
            self._drop_all()
            self._begin_at_archive()

    async def _take(self, records: Sequence[Any]) -> None:
        revisions = []
        position = {}
        for record in records:
            position[record.partition] = record.offset + 1
            try:
                revisions.append(read_revision(record))
            except UnreadableRecordError as error:
                self._metrics.unreadable.inc()
                self._config.log.warning(
                    "passed over a record", partition=record.partition, offset=record.offset, error=str(error)
                )
        # 1. Into the archive, with its offsets. A crash here: read again from the offsets of the archive.
        with self._metrics.archive_seconds.time():
            kept = await self.archive.append(revisions, position)
        # 2. To the live ones, and the new position, without an await. A crash here: clients resume from the archive.
        self._deliver(kept)
        self.position.update(position)

    def _deliver(self, revisions: Sequence[Revision]) -> None:
        place = dict(self.position)
        frames = []
        for revision in revisions:
            self.window.add(revision)
            self.coverages.add(revision.now.coverage)
            place[revision.partition] = revision.offset + 1
            if self._groups:
                frames.append(Frames(revision, self.cursor(place)))
        deliveries = size = 0
        for wanted, group in list(self._groups.items()):
            fitting = [frame for each in frames if (frame := each.of(due(wanted, each.revision)))]
            if not fitting:
                continue
            data = b"".join(fitting)
            for subscriber in list(group):
                if subscriber.paused:
                    # It has not read what it was sent before: it is dropped and comes back with its cursor.
                    self._metrics.dropped.inc()
                    subscriber.drop()
                else:
                    subscriber.write(data)
            deliveries += len(fitting) * len(group)
            size += len(data) * len(group)
        self._metrics.entries.inc(len(revisions))
        self._metrics.deliveries.inc(deliveries)
        self._metrics.delivered_bytes.inc(size)
        if deliveries:
            now = time.time()
            for revision in revisions:
                self._metrics.delivery_seconds.observe(max(0.0, now - revision.timestamp / 1000))

    def _drop_all(self) -> None:
        for subscriber in list(self.connected):
            subscriber.drop()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._config.heartbeat)
            for subscriber in list(self.connected):
                if not subscriber.paused:
                    subscriber.write(HEARTBEAT)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH)
            if self._log is not None:
                with contextlib.suppress(KafkaError):  # the reader may be stopping; the next look tells
                    for partition, behind in (await self._log.lag()).items():
                        self._metrics.lag.labels(str(partition)).set(behind)
            self._metrics.ready.set(1 if self.not_ready() is None else 0)

    def not_ready(self) -> str | None:
        """Return why the gateway is not ready, or None."""
        if self.reason is not None:
            return self.reason
        if not self.caught_up.is_set():
            return "the gateway has not read yet what the log held when it began"
        silence = time.time() - (self._log.heard() if self._log else 0) / 1000
        if silence > self._config.kafka_silence:
            return f"Kafka has not answered for more than {self._config.kafka_silence:g} s"
        return None


def _public_reason(error: Exception) -> str:
    """Return what anybody may read at `/readyz`: no path, no address, nothing of the error's own text but ours."""
    if isinstance(error, ArchiveLostError | sqlite3.Error):
        return "the archive can't be used; it is tried again, and the log says more"
    if isinstance(error, OSError):
        return "a file or an address can't be used; it is tried again, and the log says more"
    if isinstance(error, KafkaError):
        return f"Kafka is not reached ({type(error).__name__})"
    if isinstance(error, BrokerError):
        return "Kafka's topics are not as they must be; the log says more"
    return "the gateway stopped reading; the log says more"
