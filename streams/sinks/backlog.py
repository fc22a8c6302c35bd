"""What waits at a sink, in memory: which revisions have to be planned anew, and which messages are ready to be sent.

Only what a change can concern is planned again, so a message costs the same however much waits.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush

from streams.archive.state import SinkStatus
from streams.sinks.plan import Planned
from streams.sinks.waiting import Waiting


@dataclass(slots=True)
class Backlog:
    """The revisions that are not over, and the messages that are planned and not yet being sent."""

    waiting: dict[int, Waiting] = field(default_factory=dict)
    stirred: set[int] = field(default_factory=set)
    """Revisions for which something has changed since they were planned."""
    digests: Counter[datetime] = field(default_factory=Counter)
    """The ends of the open digests, each with the number of its revisions."""
    _by_alert: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _by_entry: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _by_message: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _due: list[tuple[datetime, int]] = field(default_factory=list)
    """A heap; what changed since has an entry too many."""
    _ready: dict[int, Planned] = field(default_factory=dict)
    """The planned message of each revision that is in one."""
    _kept_back: set[int] = field(default_factory=set)
    """The revisions of planned messages in which something was kept back until now."""
    _order: list[tuple[int, str]] = field(default_factory=list)
    """A heap of the planned messages, by their first revision."""

    def put(self, each: Waiting) -> None:
        """Keep a revision as it is now, instead of what was kept of it."""
        self._leave(each.seq)
        self.waiting[each.seq] = each
        self._by_alert[each.alert.alert_id].add(each.seq)
        self._by_entry[each.gathers].add(each.seq)
        if each.message is not None:
            self._by_message[each.message].add(each.seq)
        if each.status is SinkStatus.DIGEST:
            self.digests[each.due] += 1
        if each.status is not SinkStatus.SENDING:
            heappush(self._due, (each.due, each.seq))

    def end(self, seqs: Iterable[int], now: datetime, *, untold: bool) -> None:
        """Forget revisions that are over; what waited for them is planned again.

        What makes one `untold`, such as that it is late, may hold for all of its alert.
        """
        gone = [each for seq in seqs if (each := self._leave(seq)) is not None]
        for alert_id in {each.alert.alert_id for each in gone}:
            if untold:
                self.stir(alert_id)
            else:
                self._stir_next(alert_id, now)

    def stir(self, alert_id: str) -> None:
        """Have planned again whatever waits of an alert."""
        self.stirred |= self._by_alert.get(alert_id, set())

    def has(self, alert_id: str) -> bool:
        """Return whether something of an alert waits."""
        return alert_id in self._by_alert

    def _stir_next(self, alert_id: str, now: datetime) -> None:
        """Have an alert planned again, up to the first revision that the later ones wait for."""
        for seq in sorted(self._by_alert.get(alert_id, ())):
            self.stirred.add(seq)
            each = self.waiting[seq]
            if each.message is not None or (not each.held and each.due <= now):
                return

    def ripen(self, now: datetime) -> None:
        """Have planned what has become due."""
        while self._due and self._due[0][0] <= now:
            due, seq = heappop(self._due)
            if self._stands(due, seq):
                self.stirred.add(seq)

    def next_due(self) -> datetime | None:
        """Return when the next revision becomes due."""
        while self._due and not self._stands(*self._due[0]):
            heappop(self._due)
        return self._due[0][0] if self._due else None

    def around(self, seqs: Collection[int]) -> list[Waiting]:
        """Return revisions with all that decides about them, in order.

        That is what came earlier of their alerts, what is told together, and what is planned as one message.
        """
        found: set[int] = set()
        newest: dict[str, int] = {}
        todo = sorted(seqs)
        while todo:
            seq = todo.pop()
            each = self.waiting.get(seq)
            if each is None or seq in found:
                continue
            found.add(seq)
            alert_id = each.alert.alert_id
            if seq > newest.get(alert_id, -1):
                newest[alert_id] = seq
                todo += (other for other in self._by_alert[alert_id] if other < seq)
            todo += self._by_entry[each.gathers] - found
            if each.message is not None:
                todo += self._by_message[each.message] - found
            if seq in self._ready:
                todo += (other.seq for other in self._ready[seq].revisions if other.seq not in found)
        return [self.waiting[seq] for seq in sorted(found)]

    def plan(self, considered: Iterable[Waiting], messages: Iterable[Planned]) -> None:
        """Take what was planned for revisions instead of what was planned for them before."""
        for each in considered:
            self._ready.pop(each.seq, None)
            self._kept_back.discard(each.seq)
        for message in messages:
            seqs = [each.seq for each in message.revisions]
            self._ready.update(dict.fromkeys(seqs, message))
            if any(each.held for each in message.revisions):
                self._kept_back.update(seqs)
            heappush(self._order, (message.revisions[0].seq, message.id))

    def ready(self, most: int) -> list[Planned]:
        """Return the planned messages that are sent first, so many at most."""
        found: dict[int, Planned] = {}
        order: list[tuple[int, str]] = []
        while self._order and len(found) < most:
            first, message_id = heappop(self._order)
            message = self._ready.get(first)
            if message is not None and message.id == message_id and first not in found:
                found[first] = message
                order.append((first, message_id))
        for each in order:
            heappush(self._order, each)
        return list(found.values())

    def unsettled(self, *, most: bool) -> set[int]:
        """Return what is planned and would be planned otherwise once more is due.

        What was kept back is one message, and a sink's `most` counts all that are planned.
        """
        return {seq for seq in self._ready if self.waiting[seq].message is None} if most else set(self._kept_back)

    def _stands(self, due: datetime, seq: int) -> bool:
        each = self.waiting.get(seq)
        return each is not None and each.due == due and each.status is not SinkStatus.SENDING

    def _leave(self, seq: int) -> Waiting | None:
        """Take a revision out of everything; returns it as it was."""
        self._ready.pop(seq, None)
        self._kept_back.discard(seq)
        self.stirred.discard(seq)
        each = self.waiting.pop(seq, None)
        if each is None:
            return None
        for kept, key in (
            (self._by_alert, each.alert.alert_id), (self._by_entry, each.gathers), (self._by_message, each.message),
        ):  # fmt: skip
            if key in kept:
                kept[key].discard(seq)
                if not kept[key]:
                    del kept[key]
        if each.status is SinkStatus.DIGEST:
            self.digests[each.due] -= 1
        return each
