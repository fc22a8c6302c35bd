"""Sinks at which something failed: what the desk and an operator have to see."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from streams.archive.state.open import State
from streams.archive.state.sink_deliveries import SinkStatus
from streams.archive.state.tables import SINK_DELIVERIES


@dataclass(frozen=True, slots=True)
class FailedSink:
    """A sink with what failed there since a time."""

    sink: str
    count: int
    last_at: datetime
    last_error: str | None
    sent_at: datetime | None
    """When something last reached it; None for never."""


def failed_sinks(state: State, since: datetime) -> list[FailedSink]:
    """Return the sinks at which an alert revision failed since a time, by name."""
    table = SINK_DELIVERIES.c
    failed = (table.status == SinkStatus.FAILED.value) & (table.at >= since)
    counted = select(table.sink, func.count(), func.max(table.seq)).where(failed).group_by(table.sink)
    sent = select(table.sink, func.max(table.at)).where(table.status == SinkStatus.SENT.value).group_by(table.sink)
    with state.read() as connection:
        sent_at = {sink: at for sink, at in connection.execute(sent)}  # noqa: C416  (rows)
        found = []
        for sink, count, seq in connection.execute(counted.order_by(table.sink)):
            last = connection.execute(select(table.at, table.error).where(table.seq == seq)).one()
            found.append(FailedSink(sink, count, last.at, last.error, sent_at.get(sink)))
    return found
