"""What became of each alert revision at each sink."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, select

from streams.archive.state.open import State
from streams.archive.state.tables import SINK_DELIVERIES
from streams.archive.upsert import insert_or_update


class SinkStatus(StrEnum):
    """What became of it."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    LATE = "late"
    MUTED = "muted"
    QUIET = "quiet"
    """Kept back until the sink's quiet hours end, or for its digest."""
    DROPPED = "dropped"
    """Beyond the sink's `most`."""


@dataclass(frozen=True, slots=True)
class SinkDelivery:
    """An alert revision at a sink."""

    sink: str
    alert_id: str
    revision: int
    status: SinkStatus
    at: datetime
    attempt: int = 0
    next_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SinkDeliveries:
    """The sinks' deliveries of a state database."""

    state: State

    def put(self, delivery: SinkDelivery) -> None:
        """Keep what became of it; a later word replaces an earlier one."""
        with self.state.write() as connection:
            self.put_within(connection, delivery)

    @staticmethod
    def put_within(connection: Connection, delivery: SinkDelivery) -> None:
        """Do the same within the caller's transaction, beside the positions."""
        row = {
            "sink": delivery.sink, "alert_id": delivery.alert_id, "revision": delivery.revision,
            "status": delivery.status.value, "attempt": delivery.attempt, "at": delivery.at,
            "next_at": delivery.next_at, "error": delivery.error,
        }  # fmt: skip
        insert_or_update(connection, SINK_DELIVERIES, [row], ("sink", "alert_id", "revision"))

    def of_alert(self, alert_id: str) -> list[SinkDelivery]:
        """Return what became of an alert's revisions, in the order in which they were first kept."""
        with self.state.read() as connection:
            rows = connection.execute(
                select(SINK_DELIVERIES).where(SINK_DELIVERIES.c.alert_id == alert_id).order_by(SINK_DELIVERIES.c.seq)
            )
            return [_delivery(row) for row in rows]

    def due(self, now: datetime, limit: int) -> list[SinkDelivery]:
        """Return what is pending and whose time has come, oldest first."""
        due = (
            select(SINK_DELIVERIES)
            .where(SINK_DELIVERIES.c.status == SinkStatus.PENDING.value, SINK_DELIVERIES.c.next_at <= now)
            .order_by(SINK_DELIVERIES.c.seq)
            .limit(limit)
        )
        with self.state.read() as connection:
            return [_delivery(row) for row in connection.execute(due)]


def _delivery(row: Row[tuple[object, ...]]) -> SinkDelivery:
    return SinkDelivery(
        row.sink, row.alert_id, row.revision, SinkStatus(row.status), row.at, row.attempt, row.next_at, row.error
    )
