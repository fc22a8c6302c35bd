"""The archiver: reads the log once, keeps each batch with its offsets, and has the hub deliver it."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import structlog
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from streams.archive import Archive, ArchiveError, ArchiveLostError
from streams.exceptions import BrokerError, LivelineError
from streams.gateway.delivery.cursor import log_tag
from streams.gateway.delivery.hub import Hub
from streams.gateway.feed.generations import Generations, OneGeneration
from streams.gateway.feed.log import Log, MissingRecordsError
from streams.gateway.feed.record import UnreadableRecordError, read_revision
from streams.gateway.metrics import GatewayMetrics
from streams.telemetry.tracing import Tracing

_AGAIN_SECONDS: Final = 1.0
_WATCH_SECONDS: Final = 1.0


class Archiver:
    """Keeps reading, whatever happens to the log or the archive."""

    def __init__(
        self,
        hub: Hub,
        *,
        identity: Callable[[], Awaitable[str]],
        generations: Generations | None = None,
        make_log: Callable[[], Log],
        make_archive: Callable[[], Archive],
        metrics: GatewayMetrics,
        log: structlog.stdlib.BoundLogger,
        tracing: Tracing,
    ) -> None:
        """Nothing connects before `start`; a log or an archive that has failed is made anew.

        `identity` and `make_log` are those of the generation that is live; when another one is, reading begins anew.
        """
        self._hub = hub
        self._generations = generations or OneGeneration()
        self._identity = identity
        self._make_log, self._make_archive = make_log, make_archive
        self._metrics = metrics
        self._log = log
        self._tracing = tracing
        self._reading: Log | None = None
        self._in_hand: dict[int, int] = {}
        """Offsets of each partition that are read and not archived: the log counts them no more, the lag does."""
        self._archive: Archive | None = None
        self._of: tuple[str, tuple[int, ...]] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to read."""
        self._hub.heard_ms = lambda: self._reading.heard() if self._reading is not None else 0
        self._tasks = [
            asyncio.create_task(self._run(), name="archiver-read"),
            asyncio.create_task(self._watch(), name="archiver-watch"),
        ]

    async def stop(self) -> None:
        """Stop reading, and close the archive."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._archive is not None:
            await self._archive.close()

    async def _run(self) -> None:
        while True:
            try:
                await self._read()
            except (KafkaError, LivelineError, OSError) as error:
                self._hub.reason = _public_reason(error)
                self._log.warning("hub.stopped", error=f"{type(error).__name__}: {error}")
            except Exception as error:  # noqa: BLE001  (a reader that ended would leave all waiting)
                self._hub.reason = _public_reason(error)
                self._log.exception("hub.failed")
            if self._archive is not None and (lost := self._archive.lost()):
                await self._begin_anew(lost)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _begin_anew(self, lost: str) -> None:
        """Let go of an archive that is lost; the next one is read from the beginning of the log."""
        self._hub.let_go()
        archive, self._archive, self._of = self._archive, None, None
        if archive is not None:
            with contextlib.suppress(LivelineError):
                await archive.close()
            await archive.set_aside(lost)

    async def _read(self) -> None:
        generation = await self._generations.known()
        identity = await self._identity()
        log = self._make_log()
        try:
            partitions = await log.start()
            if not partitions:
                raise BrokerError(f"topic {log.topic} does not exist; see `liveline topics create`")
            archive = await self._take_up(identity, tuple(partitions))
            await self._seek(log, archive)
            self._in_hand = {}
            self._reading = log
            while not log.grown() and self._generations.generation() == generation:
                if lost := archive.lost():
                    raise ArchiveLostError(f"the archive is {lost}")
                try:
                    records = await log.read()
                except OffsetOutOfRangeError:
                    await self._seek(log, archive)
                    continue
                if records:
                    await self._take(archive, records)
                    self._in_hand = {}
                if not self._hub.caught_up.is_set() and await log.caught_up():
                    self._log.info("hub.caught_up", position=dict(self._hub.position))
                    self._hub.caught_up.set()
                self._hub.reason = None
        except ArchiveError:
            # The lag as it is, for as long as nothing is read: an archive that takes nothing must not look caught up.
            await self._measure_lag()
            raise
        finally:
            self._reading = None
            await log.stop()

    async def _take_up(self, identity: str, partitions: tuple[int, ...]) -> Archive:
        """Open the archive of this log; a log that was replaced while we run is another."""
        if self._archive is not None and self._of == (identity, partitions):
            if self._hub.position != dict(self._archive.position):
                # Something was archived and not delivered: those who are live get it when they come back.
                self._hub.send_away()
                self._hub.begin_at(self._archive.position)
            return self._archive
        if self._archive is not None:
            self._hub.let_go()
            before, self._archive = self._archive, None
            await before.close()
        archive = self._make_archive()
        try:
            await archive.open(identity, partitions)
        except BaseException:  # also when the gateway stops meanwhile: its threads and connections must end
            await archive.close()
            raise
        self._archive, self._of = archive, (identity, partitions)
        self._hub.take_up(archive, log_tag(identity), [held.coverage_id for held in await archive.coverages()])
        return archive

    async def _seek(self, log: Log, archive: Archive) -> None:
        try:
            await log.seek(archive.position)
        except MissingRecordsError as missing:
            self._log.warning("hub.records_missing", begins=dict(missing.position))
            await archive.restart(missing.position)
            # Those who are live would not notice the gap; coming back, they are told.
            self._hub.send_away()
            self._hub.begin_at(archive.position)

    async def _take(self, archive: Archive, records: Sequence[Any]) -> None:
        revisions = []
        position: dict[int, int] = {}
        read_at = time.time()
        self._in_hand = {}
        for record in records:
            position[record.partition] = record.offset + 1
            self._in_hand[record.partition] = self._in_hand.get(record.partition, 0) + 1
            try:
                revisions.append(read_revision(record))
            except UnreadableRecordError as error:
                self._metrics.unreadable.inc()
                self._log.warning(
                    "hub.record_passed_over", partition=record.partition, offset=record.offset, error=str(error)
                )
        # 1. Into the archive, with its offsets. A crash here: read again from the offsets of the archive.
        with self._metrics.archive_seconds.time():
            kept = await archive.append(revisions, position)
        # 2. To the live ones, and the new position, without an await. A crash here: clients resume from the archive.
        self._hub.deliver(kept, position)
        if self._tracing.on:
            self._trace(records, read_at)

    def _trace(self, records: Sequence[Any], read_at: float) -> None:
        """Record a span for each revision that came with a trace: from its reading to its writing to who is live."""
        for record in records:
            parent = next((value.decode() for name, value in record.headers if name == "traceparent" and value), None)
            if parent is not None:
                attributes = {"messaging.kafka.partition": record.partition, "messaging.kafka.offset": record.offset}
                self._tracing.start("deliver", parent, attributes, began=read_at).end()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            await self._measure_lag()
            self._metrics.ready.set(1 if self._hub.not_ready() is None else 0)

    async def _measure_lag(self) -> None:
        if self._reading is None:
            return
        with contextlib.suppress(KafkaError):  # the reader may be stopping; the next look tells
            for partition, behind in (await self._reading.lag()).items():
                self._metrics.lag.labels(str(partition)).set(behind + self._in_hand.get(partition, 0))


def _public_reason(error: Exception) -> str:
    """Return what anybody may read at `/readyz`: no path, no address, nothing of the error's own text but ours."""
    if isinstance(error, ArchiveError):
        return "the archive can't be used; it is tried again, and the log says more"
    if isinstance(error, OSError):
        return "a file or an address can't be used; it is tried again, and the log says more"
    if isinstance(error, KafkaError):
        return f"Kafka is not reached ({type(error).__name__})"
    if isinstance(error, BrokerError):
        return "Kafka's topics are not as they must be; the log says more"
    return "the gateway stopped reading; the log says more"
