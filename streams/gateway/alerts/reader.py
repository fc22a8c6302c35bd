"""Reads `liveline.alerts` once, keeps each batch with its offsets, and has the feed tell of it.

Entries do not wait for it: a gateway without alerts, or with a broken projection of them, streams on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import structlog
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from streams.archive import ArchiveLostError
from streams.archive.alerts.archive import AlertArchive
from streams.exceptions import BrokerError, LivelineError
from streams.gateway.alerts.feed import AlertFeed
from streams.gateway.alerts.record import read_alert
from streams.gateway.delivery.cursor import log_tag
from streams.gateway.feed.log import Log, MissingRecordsError
from streams.gateway.feed.record import UnreadableRecordError
from streams.gateway.metrics import GatewayMetrics

if TYPE_CHECKING:
    from streams.archive.alerts.revision import AlertRevision

_AGAIN_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 30.0


class AlertReader:
    """Keeps reading, whatever happens to the log or the projection."""

    def __init__(
        self,
        feed: AlertFeed,
        *,
        identity: Callable[[], Awaitable[str]],
        make_log: Callable[[], Log],
        make_archive: Callable[[], AlertArchive],
        metrics: GatewayMetrics,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        """Nothing connects before `start`; a log or a projection that has failed is made anew."""
        self._feed = feed
        self._identity = identity
        self._make_log, self._make_archive = make_log, make_archive
        self._metrics = metrics
        self._log = log
        self._archive: AlertArchive | None = None
        self._of: tuple[str, tuple[int, ...]] | None = None
        self._pause = _AGAIN_SECONDS
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to read."""
        self._task = asyncio.create_task(self._run(), name="alerts-read")

    async def stop(self) -> None:
        """Stop reading, and close the projection."""
        while self._task is not None and not self._task.done():
            # Again: on Python 3.11 a cancellation can be lost in what is waited for.
            self._task.cancel()
            await asyncio.wait([self._task], timeout=_AGAIN_SECONDS)
        if self._archive is not None:
            await self._archive.close()

    async def _run(self) -> None:
        while True:
            try:
                await self._read()
            except (KafkaError, LivelineError, OSError) as error:
                self._log.warning("alerts.reading_stopped", error=f"{type(error).__name__}: {error}")
            except Exception:  # noqa: BLE001  (a reader that ended would leave all waiting)
                self._log.exception("alerts.reading_failed")
            if self._archive is not None and (lost := self._archive.lost()):
                await self._begin_anew(lost)
            await asyncio.sleep(self._pause)
            # A topic that is not there yet, or a newer database, is no reason to ask every second.
            self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _begin_anew(self, lost: str) -> None:
        """Let go of a projection that is lost; the next one is read from the beginning of the log."""
        self._feed.let_go()
        archive, self._archive, self._of = self._archive, None, None
        if archive is not None:
            await archive.close()
            await asyncio.to_thread(archive.set_aside, lost)

    async def _read(self) -> None:
        identity = await self._identity()
        log = self._make_log()
        try:
            partitions = await log.start()
            if not partitions:
                raise BrokerError(f"topic {log.topic} does not exist; see `liveline topics create`")
            archive = await self._take_up(identity, tuple(partitions))
            await self._seek(log, archive)
            while not log.grown():
                if lost := archive.lost():
                    raise ArchiveLostError(f"the alerts' projection is {lost}")
                try:
                    records = await log.read()
                except OffsetOutOfRangeError:
                    await self._seek(log, archive)
                    continue
                if records:
                    await self._take(archive, records)
                if not self._feed.caught_up.is_set() and await log.caught_up():
                    self._feed.has_caught_up()
                    self._log.info("alerts.caught_up", position=dict(self._feed.position))
                self._pause = _AGAIN_SECONDS
        finally:
            await log.stop()

    async def _take_up(self, identity: str, partitions: tuple[int, ...]) -> AlertArchive:
        """Open the projection of this log; a log that was replaced while we run is another."""
        if self._archive is not None and self._of == (identity, partitions):
            if self._feed.position != self._archive.position:
                # Something was kept and not told: those who listen get it when they come back.
                self._feed.send_away()
                self._feed.take_up(self._archive, self._feed.tag)
            return self._archive
        if self._archive is not None:
            self._feed.let_go()
            before, self._archive = self._archive, None
            await before.close()
        archive = self._make_archive()
        try:
            await archive.open(identity, partitions)
        except BaseException:
            await archive.close()
            raise
        self._archive, self._of = archive, (identity, partitions)
        self._feed.take_up(archive, log_tag(identity))
        return archive

    async def _seek(self, log: Log, archive: AlertArchive) -> None:
        try:
            await log.seek(archive.position)
        except MissingRecordsError as missing:
            self._log.warning("alerts.log_begins_later", begins=dict(missing.position))
            await archive.restart(missing.position)
            # Those who listen would not notice the gap; coming back, they are told.
            self._feed.send_away()
            self._feed.take_up(archive, self._feed.tag)

    async def _take(self, archive: AlertArchive, records: Sequence[Any]) -> None:
        revisions: list[AlertRevision] = []
        position: dict[int, int] = {}
        for record in records:
            position[record.partition] = record.offset + 1
            try:
                revisions.append(read_alert(record))
            except UnreadableRecordError as error:
                self._metrics.unreadable.inc()
                self._log.warning(
                    "alerts.record_passed_over", partition=record.partition, offset=record.offset, error=str(error)
                )
        # 1. Into the projection, with its offsets. A crash here: read again from the offsets of the projection.
        await archive.append(revisions, position)
        # 2. To those who are there, and the new position, without an await. A crash here: listeners resume.
        self._feed.deliver(revisions, position)
