"""The archiver: keeps an archive of entries with the log's offsets, and has the hub deliver each batch."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import structlog
from aiokafka.errors import KafkaError

from streams.archive import Archive, ArchiveError
from streams.background import end_task
from streams.exceptions import BrokerError
from streams.gateway.delivery.cursor import log_tag
from streams.gateway.delivery.hub import Hub
from streams.gateway.feed.generations import Generations
from streams.gateway.feed.keeper import LogKeeper
from streams.gateway.feed.log import Log
from streams.gateway.feed.record import UnreadableRecordError, read_revision
from streams.gateway.metrics import GatewayMetrics
from streams.telemetry.tracing import Tracing

_WATCH_SECONDS: Final = 1.0


class Archiver(LogKeeper[Archive]):
    """Reads `liveline.entries` of the generation that is live."""

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
        """See `LogKeeper`."""
        super().__init__(hub, identity=identity, generations=generations, make_log=make_log, make_archive=make_archive)
        self._hub = hub
        self._metrics = metrics
        self._log = log
        self._tracing = tracing
        self._watching: asyncio.Task[None] | None = None
        self._in_hand: dict[int, int] = {}
        """Offsets of each partition that are read and not archived: the log counts them no more, the lag does."""

    async def start(self) -> None:
        """Begin to read, and to measure how far behind the log it is."""
        self._hub.heard_ms = lambda: self._reading.heard() if self._reading is not None else 0
        await super().start()
        self._watching = asyncio.create_task(self._watch(), name="archiver-watch")

    async def stop(self) -> None:
        """Stop reading, and close the archive."""
        await end_task(self._watching)
        await super().stop()

    def _failed(self, error: Exception, *, foreseen: bool) -> None:
        self._hub.reason = _public_reason(error)
        if foreseen:
            self._log.warning("hub.stopped", error=f"{type(error).__name__}: {error}")
        else:
            self._log.error("hub.failed", exc_info=error)

    def _is_reading(self) -> None:
        super()._is_reading()
        self._hub.reason = None

    def _has_caught_up(self) -> None:
        self._log.info("hub.caught_up", position=dict(self._hub.position))
        self._hub.caught_up.set()

    def _begins_later(self, position: Mapping[int, int]) -> None:
        self._log.warning("hub.records_missing", begins=dict(position))

    async def _take_up(self, archive: Archive, identity: str) -> None:
        self._hub.take_up(archive, log_tag(identity), [held.coverage_id for held in await archive.coverages()])

    async def _take(self, archive: Archive, records: Sequence[Any]) -> None:
        revisions = []
        position: dict[int, int] = {}
        read_at = time.time()
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
        try:
            with self._metrics.archive_seconds.time():
                kept = await archive.append(revisions, position)
        except ArchiveError:
            # The lag as it is, for as long as nothing is read: an archive that takes nothing must not look caught up.
            await self._measure_lag()
            raise
        finally:
            self._in_hand = {}
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
