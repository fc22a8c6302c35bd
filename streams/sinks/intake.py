"""From records of alerts to what waits at each sink, with the positions after them, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from schemas.alert import Alert
from schemas.envelope import INSISTS
from streams.archive.state import Lease, Positions, SinkDeliveries, SinkDelivery, SinkStatus, State
from streams.archive.state.positions import Place
from streams.runtime.clock import Clock
from streams.sinks.metrics import SinkMetrics
from streams.sinks.route import Routes
from streams.sinks.waiting import GATHER, gathers

OWNER: Final = "sinks"
"""Of the positions: one reader serves all sinks."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Queues what the rules say for the sinks that they name."""

    state: State
    lease: Lease
    routes: Routes
    log_id: str
    clock: Clock
    metrics: SinkMetrics
    log: structlog.stdlib.BoundLogger

    def take(self, records: Sequence[Any], position: Mapping[Place, int]) -> set[str]:
        """Queue what was read and keep the position after it; returns the sinks that have something new."""
        alerts = [each for record in records if (each := self._read(record)) is not None]
        had = SinkDeliveries(self.state).sinks_of({alert.alert_id for alert, _ in alerts})
        now = self.clock()
        new: list[SinkDelivery] = []
        for alert, insists in alerts:
            for sink in self.routes.sinks(alert, had.get(alert.alert_id, ())):
                had.setdefault(alert.alert_id, set()).add(sink)
                new.append(
                    SinkDelivery(
                        sink, alert.alert_id, alert.revision, SinkStatus.PENDING, now, next_at=now + GATHER,
                        value=alert.to_json(), insists=insists, gathers=gathers(alert), arrived_at=now,
                    )
                )  # fmt: skip
        with self.state.write() as connection:
            # Both or neither: a crash before the end reads the records again, one after it goes on behind them.
            self.lease.need(connection)
            SinkDeliveries.add(connection, new)
            Positions.put(connection, OWNER, self.log_id, position)
        return {each.sink for each in new}

    def _read(self, record: Any) -> tuple[Alert, str | None] | None:
        try:
            alert = Alert.from_json(record.value or b"")
        except ValueError as error:
            self.metrics.unreadable.inc()
            self.log.warning(
                "sink.unreadable_record", topic=record.topic, partition=record.partition, offset=record.offset,
                error=str(error)[:300],
            )  # fmt: skip
            return None
        insists = next((value for name, value in record.headers if name == INSISTS), None)
        return alert, insists.decode(errors="replace") if insists else None
