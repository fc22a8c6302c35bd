"""A sink's part of the state database: the revisions that wait, and the outcome of each message."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

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
from streams.sinks.backlog import Backlog
from streams.sinks.metrics import SinkMetrics
from streams.sinks.most import HOUR
from streams.sinks.plan import Plan, Planned, Sight, plan
from streams.sinks.rules import SinkRules
from streams.sinks.silence import Silence
from streams.sinks.waiting import WAITS, Waiting
from streams.webhooks.schedule import Schedule

_ANEW: Final = timedelta(minutes=1)
"""How often all that waits is read."""


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
    """What one sink's lane reads and writes; every call is one for the database's thread.

    What waits is kept in memory, for only the holder of the lease changes it; it is read anew every minute, and when
    it was changed all the same.
    """

    state: State
    lease: Lease
    rules: SinkRules
    schedule: Schedule
    clock: Clock
    metrics: SinkMetrics
    _backlog: Backlog = field(default_factory=Backlog)
    _in_doubt: set[int] = field(default_factory=set)
    _told: set[str] = field(default_factory=set)
    """Of the alerts of which something waits, those that the sink was sent, or may have been: at least where the
    withdrawal waits."""
    _newest: int = -1
    """The newest delivery that was read."""
    _read_at: datetime | None = None
    """When all was read."""

    def begin(self, room: Callable[[], int]) -> tuple[list[Outgoing], datetime | None]:
        """Decide, and mark what is to be sent now as being sent, so many messages at most.

        Returns them and when to look again. Only after this are they sent: what a crash leaves marked is in doubt.
        """
        now = self.clock()
        self._read(now)
        messages = self._plan(now, max(0, room()))
        try:
            outgoing = self._mark(messages, now) if messages else []
        except _ChangedError:
            self._read_at = None
            return self.begin(room)
        return outgoing, self._backlog.next_due()

    def _read(self, now: datetime) -> None:
        """Read what is new; or all, each alert parsed once."""
        known: dict[int, Waiting] = {}
        if self._read_at is None or not timedelta() <= now - self._read_at < _ANEW:
            known = self._backlog.waiting
            self._backlog, self._newest, self._read_at = Backlog(), -1, now
            self._in_doubt, self._told = set(), set()
        new = SinkDeliveries(self.state).open(self.rules.id, self._newest, known=known)
        for each in new:
            alert = known[each.seq].alert if each.seq in known else Alert.from_json(each.value)
            self._backlog.put(_waiting(each, alert))
            self._backlog.stirred.add(each.seq)
            self._in_doubt |= {each.seq} if each.in_doubt else set()
            self._newest = each.seq
        withdrawn = {each.alert_id for each in new if self._backlog.waiting[each.seq].withdraws}
        if withdrawn:
            self._told |= SinkDeliveries(self.state).were_told(self.rules.id, withdrawn)

    def _plan(self, now: datetime, most: int) -> list[Planned]:
        """Return what is sent first; what was planned at an earlier look is planned anew before."""
        backlog = self._backlog
        backlog.ripen(now)
        sent = SinkDeliveries(self.state).sent_since(self.rules.id, now - HOUR) if self.rules.most else []
        sure: set[str] = set()
        ahead = most
        while True:
            messages = backlog.ready(ahead)
            doubtful = {each.seq for message in messages if message.id not in sure for each in message.revisions}
            if not (backlog.stirred or doubtful):
                return messages[:most]
            limited = self.rules.most is not None
            considered = backlog.around(backlog.stirred | doubtful | backlog.unsettled(most=limited))
            backlog.stirred.clear()
            digests = {due for due, count in backlog.digests.items() if count > 0}
            silence = self._silence({each.alert.alert_id for each in considered}, now)
            found = plan(Sight(now, self.rules, considered, self._told, silence, sent, digests))
            backlog.plan(considered, found.messages)
            sure |= {message.id for message in found.messages}
            if found.over or found.held:
                self._keep_back(found, now)
                ahead *= 2  # what came over the first ones, such as a mute, may have come over many

    def _silence(self, alert_ids: Collection[str], now: datetime) -> Silence:
        return Silence.of(Acknowledgements(self.state).of(alert_ids), Mutes(self.state).standing(now))

    def _keep_back(self, found: Plan, now: datetime) -> None:
        """Keep what is over and what is kept back."""
        over: dict[SinkStatus, list[int]] = {}
        for seq, status in found.over.items():
            over.setdefault(status, []).append(seq)
        held: dict[tuple[SinkStatus, datetime], list[int]] = {}
        for seq, until in found.held.items():
            held.setdefault(until, []).append(seq)
        with self.state.write() as connection:
            self.lease.need(connection)
            for status, seqs in over.items():
                SinkDeliveries.change(connection, seqs, status=status, at=now, next_at=None)
            for (status, due), seqs in held.items():
                SinkDeliveries.change(connection, seqs, status=status, at=now, next_at=due)
        for status, seqs in over.items():
            self.metrics.untold.labels(self.rules.id, status.value).inc(len(seqs))
        for seq, (status, due) in found.held.items():
            each = self._backlog.waiting[seq]
            self._backlog.put(replace(each, status=status, due=due))
        for alert_id in {self._backlog.waiting[seq].alert.alert_id for seq in found.held}:
            self._backlog.stir(alert_id)  # what is kept back is nothing that later ones wait for
        self._end(found.over, now, untold=True)

    def _mark(self, messages: Sequence[Planned], now: datetime) -> list[Outgoing]:
        ids = {each.alert.alert_id for message in messages for each in message.revisions}
        told = SinkDeliveries(self.state).told(self.rules.id, ids)
        before = {alert_id: Alert.from_json(each.value) for alert_id, each in told.items()}
        outgoing = [
            Outgoing(
                message, message.attempts + 1, before, any(each.seq in self._in_doubt for each in message.revisions)
            )
            for message in messages
        ]
        with self.state.write() as connection:
            self.lease.need(connection)
            for each in outgoing:
                marked = SinkDeliveries.change(
                    connection, each.seqs, only=WAITS, status=SinkStatus.SENDING, at=now, message=each.planned.id,
                    attempt=each.attempt, next_at=None,
                )  # fmt: skip
                if marked != len(each.seqs):
                    raise _ChangedError
        for each in outgoing:
            self._put(each, SinkStatus.SENDING, now)
        return outgoing

    def succeeded(self, outgoing: Outgoing) -> None:
        """Keep that the sink has a message."""
        now = self.clock()
        with self.state.write() as connection:
            self.lease.need(connection)
            SinkDeliveries.change(connection, outgoing.seqs, status=SinkStatus.SENT, at=now, next_at=None, error=None)
            SinkStates.succeeded(connection, self.rules.id, now)
        self._end(outgoing.seqs, now, untold=False)

    def failed(self, outgoing: Outgoing, failure: Failure) -> datetime | None:
        """Keep that an attempt failed; returns when it is tried again, or None when it is given up."""
        now = self.clock()
        wait = self.schedule.wait(outgoing.attempt)
        again = None if wait is None else now + wait
        doubt: dict[str, Any] = {"in_doubt": True} if failure.in_doubt else {}
        with self.state.write() as connection:
            self.lease.need(connection)
            status = SinkStatus.FAILED if again is None else SinkStatus.PENDING
            SinkDeliveries.change(
                connection, outgoing.seqs, status=status, at=now, next_at=again, error=failure.error, **doubt
            )
            SinkStates.failed(connection, self.rules.id, now, failure.error)
        if again is None:
            self._end(outgoing.seqs, now, untold=True)
        else:
            self._in_doubt |= set(outgoing.seqs) if failure.in_doubt else set()
            self._put(outgoing, SinkStatus.PENDING, again)
        return again

    def _put(self, outgoing: Outgoing, status: SinkStatus, due: datetime) -> None:
        for each in outgoing.planned.revisions:
            attempt, message = outgoing.attempt, outgoing.planned.id
            self._backlog.put(replace(each, status=status, due=due, attempt=attempt, message=message))

    def _end(self, seqs: Collection[int], now: datetime, *, untold: bool) -> None:
        """Forget what is over; that an alert was tried counts for its withdrawal."""
        ended = [self._backlog.waiting[seq] for seq in seqs if seq in self._backlog.waiting]
        self._backlog.end(seqs, now, untold=untold)
        self._in_doubt -= set(seqs)
        self._told |= {each.alert.alert_id for each in ended if each.attempt}
        self._told -= {each.alert.alert_id for each in ended if not self._backlog.has(each.alert.alert_id)}


class _ChangedError(Exception):
    """Somebody else changed what waits."""


def _waiting(each: SinkDelivery, alert: Alert) -> Waiting:
    insists = Insistence(each.insists) if each.insists in set(Insistence) else None
    return Waiting(
        each.seq, alert, each.gathers, each.status, each.next_at or each.at, insists, each.attempt, each.message
    )


def delays(revisions: Sequence[Waiting], now: datetime) -> list[float]:
    """Return the seconds since the receipt of each revision that the sink did not keep back itself."""
    return [(now - each.alert.at).total_seconds() for each in revisions if not each.held]
