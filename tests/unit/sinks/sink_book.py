"""A sink's book over a real state database, driven as `World` drives the plan."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry
from sink_world import NOON, RETRY, Coming, name, rules

from streams.archive.state import Lease, Leases, SinkDeliveries, SinkDelivery, SinkStatus, State, open_state
from streams.sinks.book import Book, Failure, Outgoing
from streams.sinks.metrics import SinkMetrics
from streams.sinks.plan import Planned
from streams.sinks.rules import SinkRules
from streams.sinks.waiting import GATHER, gathers
from streams.webhooks.schedule import Schedule

LEASE = Lease("deliverer", "one")


@dataclass
class Desk:
    """A sink with its book, a clock that jumps, and what was sent."""

    state: State
    rules: SinkRules = field(default_factory=rules)
    works: Callable[[Planned], bool] = lambda _: True
    now: datetime = NOON
    sent: list[tuple[datetime, tuple[str, ...]]] = field(default_factory=list)
    room: int = 4
    book: Book = field(init=False)

    def __post_init__(self) -> None:
        """Begin as a deliverer that has just got the lease."""
        Leases(self.state).acquire(LEASE, self.now, timedelta(days=99))
        schedule = Schedule([RETRY] * 99, lambda: 0.0)
        self.book = Book(self.state, LEASE, self.rules, schedule, lambda: self.now, SinkMetrics(CollectorRegistry()))

    def queue(self, comings: Iterable[Coming]) -> None:
        """Let alert revisions come to the sink now."""
        new = [
            SinkDelivery(
                "desk", each.alert.alert_id, each.alert.revision, SinkStatus.PENDING, self.now,
                next_at=self.now + GATHER, value=each.alert.to_json(), gathers=gathers(each.alert),
                insists=each.insists.value if each.insists else None, arrived_at=self.now,
            )
            for each in comings
        ]  # fmt: skip
        with self.state.write() as connection:
            SinkDeliveries.add(connection, new)

    def look(self) -> datetime | None:
        """Do what is to be done now, until there is nothing more; return when to look again."""
        while True:
            outgoing, look_at = self.book.begin(lambda: self.room)
            if not outgoing:
                return look_at
            for each in outgoing:
                self.answer(each)

    def answer(self, outgoing: Outgoing) -> None:
        """Have the sink take a message, or refuse it."""
        if self.works(outgoing.planned):
            self.sent.append((self.now, tuple(name(each) for each in outgoing.planned.revisions)))
            self.book.succeeded(outgoing)
        else:
            self.book.failed(outgoing, Failure("refused"))

    def go_to(self, to: datetime) -> None:
        """Let the clock go to a time."""
        while (look := self.look()) is not None and look <= to:
            self.now = max(self.now, look)
        self.now = max(self.now, to)

    def run(self, comings: Iterable[Coming], *, until: datetime) -> None:
        """Let alerts come, each at its time, and the clock go to a time."""
        for coming in sorted(comings, key=lambda each: each.at):
            self.go_to(coming.at)
            self.queue([coming])
        self.go_to(until)

    def status(self) -> dict[str, str]:
        """Return what became of each revision."""
        return {
            f"{each.alert_id}{each.revision}": each.status.value
            for each in sorted(SinkDeliveries(self.state).all(), key=lambda each: each.seq)
        }


def fresh_state(folder: Path) -> State:
    """Open an empty state database, in a file of its own."""
    return open_state(f"sqlite:///{folder / 'state.sqlite'}")
