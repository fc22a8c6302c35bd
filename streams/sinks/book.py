"""A sink's part of the state database: the revisions that wait, and the outcome of each message."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from schemas.alert import Alert, Insistence
from streams.archive.state import (
    Acknowledgements,
    Lease,
    Mutes,
    SinkDeliveries,
    SinkDelivery,
    SinkStates,
    SinkStatus,
    State,
)
from streams.runtime.clock import Clock
from streams.sinks.metrics import SinkMetrics
from streams.sinks.most import HOUR
from streams.sinks.plan import Plan, Planned, Sight, plan
from streams.sinks.rules import SinkRules
from streams.sinks.silence import Silence
from streams.sinks.waiting import Waiting
from streams.webhooks.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is marked as being sent."""

    planned: Planned
    attempt: int
    before: dict[str, Alert]
    """What the sink was told last of each alert in it."""
    in_doubt: bool

    @property
    def seqs(self) -> list[int]:
        """The deliveries in it."""
        return [each.seq for each in self.planned.revisions]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed."""

    error: str
    in_doubt: bool = False
    """Whether the sink may have received it already."""


@dataclass(slots=True)
class Book:
    """What one sink's lane reads and writes; every call is one for the database's thread."""

    state: State
    lease: Lease
    rules: SinkRules
    schedule: Schedule
    clock: Clock
    metrics: SinkMetrics
    _alerts: dict[int, Alert] = field(default_factory=dict)
    """What waits, parsed once."""

    def begin(self, room: Callable[[], int]) -> tuple[list[Outgoing], datetime | None]:
        """Decide, and mark what is to be sent now as being sent, so many messages at most.

        Returns them and when to look again. Only after this are they sent: what a crash leaves marked is in doubt.
        """
        outgoing: list[Outgoing] = []
        while True:
            found, deliveries = self._plan()
            messages = found.messages[: max(0, room() - len(outgoing))]
            if not (found.over or found.held or messages):
                return outgoing, found.look_at
            told = SinkDeliveries(self.state).told(
                self.rules.id, {each.alert.alert_id for message in messages for each in message.revisions}
            )
            before = {alert_id: Alert.from_json(each.value) for alert_id, each in told.items()}
            with self.state.write() as connection:
                self.lease.need(connection)
                now = self.clock()
                for seq, status in found.over.items():
                    SinkDeliveries.change(connection, [seq], status=status, at=now, next_at=None)
                    self.metrics.untold.labels(self.rules.id, status.value).inc()
                for seq, (status, due) in found.held.items():
                    SinkDeliveries.change(connection, [seq], status=status, at=now, next_at=due)
                for message in messages:
                    made = Outgoing(
                        message,
                        message.attempts + 1,
                        before,
                        any(deliveries[each.seq].in_doubt for each in message.revisions),
                    )
                    outgoing.append(made)
                    SinkDeliveries.change(
                        connection, made.seqs, status=SinkStatus.SENDING, at=now, message=message.id,
                        attempt=made.attempt, next_at=None,
                    )  # fmt: skip

    def _plan(self) -> tuple[Plan, dict[int, SinkDelivery]]:
        now, sink = self.clock(), self.rules.id
        deliveries = {each.seq: each for each in SinkDeliveries(self.state).open(sink)}
        self._alerts = {seq: self._alerts.get(seq) or Alert.from_json(each.value) for seq, each in deliveries.items()}
        waiting = [self._waiting(each) for each in deliveries.values()]
        ids = {each.alert_id for each in deliveries.values()}
        silence = (
            Silence.of(Acknowledgements(self.state).of(ids), Mutes(self.state).standing(now)) if ids else Silence()
        )
        told = SinkDeliveries(self.state).told(sink, ids) if ids else {}
        sent = SinkDeliveries(self.state).sent_since(sink, now - HOUR) if self.rules.most else []
        return plan(Sight(now, self.rules, waiting, told.keys(), silence, sent)), deliveries

    def _waiting(self, each: SinkDelivery) -> Waiting:
        insists = Insistence(each.insists) if each.insists in set(Insistence) else None
        return Waiting(
            each.seq, self._alerts[each.seq], each.gathers, each.status, each.next_at or each.at, insists,
            each.attempt, each.message,
        )  # fmt: skip

    def succeeded(self, outgoing: Outgoing) -> None:
        """Keep that the sink has a message."""
        now = self.clock()
        with self.state.write() as connection:
            self.lease.need(connection)
            SinkDeliveries.change(connection, outgoing.seqs, status=SinkStatus.SENT, at=now, next_at=None, error=None)
            SinkStates.succeeded(connection, self.rules.id, now)

    def failed(self, outgoing: Outgoing, failure: Failure) -> datetime | None:
        """Keep that an attempt failed; returns when it is tried again, or None when it is given up."""
        now = self.clock()
        wait = self.schedule.wait(outgoing.attempt)
        again = None if wait is None else now + wait
        doubt = {"in_doubt": True} if failure.in_doubt else {}
        with self.state.write() as connection:
            self.lease.need(connection)
            status = SinkStatus.FAILED if again is None else SinkStatus.PENDING
            SinkDeliveries.change(
                connection, outgoing.seqs, status=status, at=now, next_at=again, error=failure.error, **doubt
            )
            SinkStates.failed(connection, self.rules.id, now, failure.error)
        return again


def delays(revisions: Sequence[Waiting], now: datetime) -> list[float]:
    """Return the seconds since the receipt of each revision that the sink did not keep back itself."""
    return [(now - each.alert.at).total_seconds() for each in revisions if not each.held]
