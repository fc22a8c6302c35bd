"""Reads `liveline.alerts` once, keeps each batch with its offsets, and has the feed tell of it.

Entries do not wait for it: a gateway without alerts, or with a broken projection of them, streams on.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import structlog

from streams.archive.alerts.archive import AlertArchive
from streams.gateway.alerts.feed import AlertFeed
from streams.gateway.alerts.record import read_alert
from streams.gateway.delivery.cursor import log_tag
from streams.gateway.feed.keeper import LogKeeper
from streams.gateway.feed.log import Log
from streams.gateway.feed.record import UnreadableRecordError
from streams.gateway.metrics import GatewayMetrics

if TYPE_CHECKING:
    from streams.archive.alerts.revision import AlertRevision

_LONGEST_PAUSE_SECONDS: Final = 30.0


class AlertReader(LogKeeper[AlertArchive]):
    """Keeps the projection of alerts; their topic may be missing for long."""

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
        """See `LogKeeper`."""
        super().__init__(
            feed,
            identity=identity,
            make_log=make_log,
            make_archive=make_archive,
            longest_pause_seconds=_LONGEST_PAUSE_SECONDS,
        )
        self._feed = feed
        self._metrics = metrics
        self._log = log

    def _failed(self, error: Exception, *, foreseen: bool) -> None:
        if foreseen:
            self._log.warning("alerts.reading_stopped", error=f"{type(error).__name__}: {error}")
        else:
            self._log.error("alerts.reading_failed", exc_info=error)

    def _has_caught_up(self) -> None:
        self._feed.has_caught_up()
        self._log.info("alerts.caught_up", position=dict(self._feed.position))

    def _begins_later(self, position: Mapping[int, int]) -> None:
        self._log.warning("alerts.log_begins_later", begins=dict(position))

    async def _take_up(self, archive: AlertArchive, identity: str) -> None:
        self._feed.take_up(archive, log_tag(identity))

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
