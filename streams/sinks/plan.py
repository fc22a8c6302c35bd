"""Plans what a sink does now: a function of what waits, what was sent and the time, without memory.

So a deliverer that stops anywhere goes on as if it had not, and it does not matter how alerts were batched.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, takewhile

from streams.archive.state import SinkStatus
from streams.sinks.most import room_at
from streams.sinks.rules import SinkRules
from streams.sinks.silence import Silence
from streams.sinks.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Planned:
    """One message: the revisions that it tells of, in their order."""

    id: str
    revisions: tuple[Waiting, ...]

    @property
    def attempts(self) -> int:
        """How often it was tried."""
        return max(each.attempt for each in self.revisions)


@dataclass(slots=True)
class Plan:
    """What to do."""

    over: dict[int, SinkStatus] = field(default_factory=dict)
    """Revisions that are never sent, each with the reason."""
    held: dict[int, tuple[SinkStatus, datetime]] = field(default_factory=dict)
    """Revisions that are kept back, each with the reason and the time of its end."""
    messages: list[Planned] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sight:
    """The input of a plan."""

    now: datetime
    rules: SinkRules
    waiting: Sequence[Waiting]
    """What is not over, in the order in which it came: all, or some with `Backlog.around` them."""
    told: Collection[str] = frozenset()
    """The alerts that the sink was sent before, or may have been."""
    silence: Silence = field(default_factory=Silence)
    sent: Sequence[datetime] = ()
    """When messages were sent in the last hour, in order."""
    digests: Collection[datetime] = ()
    """The ends of the open digests, also of those that hold nothing of what waits here."""


def plan(sight: Sight) -> Plan:
    """Return what is over, what is kept back, what is sent now, and when to look again.

    Whoever did all that asks again at once, until there is nothing: a revision may have waited for an earlier one.
    """
    return _Planner(sight).plan()


class _Planner:
    """One plan in the making."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._now = sight.now
        self._plan = Plan()
        self._sent = list(sight.sent)
        self._told = {*sight.told, *(each.alert.alert_id for each in sight.waiting if each.attempt)}
        self._busy: set[str] = set()
        """Alerts of which an earlier revision is on its way: the later ones wait for what becomes of it."""
        digests = {*sight.digests, *(each.due for each in sight.waiting if each.status is SinkStatus.DIGEST)}
        self._digest = min((due for due in digests if due > self._now), default=None)
        """The end of the open digest."""

    def plan(self) -> Plan:
        waiting = self._sight.waiting
        self._go_on(each for each in waiting if each.message is not None)
        fresh = [each for each in waiting if each.message is None and each.alert.alert_id not in self._busy]
        # What the rules say of one entry is told together, also what came in the last moment.
        gathered = {each.gathers for each in fresh if not each.held and each.due <= self._now}
        ready: dict[int, Waiting] = {}
        by_alert: dict[str, list[Waiting]] = {}
        for each in fresh:
            before = by_alert.setdefault(each.alert.alert_id, [])
            if self._is_due(each, gathered) and self._is_told(each, before):
                ready |= {earlier.seq: earlier for earlier in before}  # in order: what was kept back goes along
                ready[each.seq] = each
            if each.seq not in self._plan.over:
                before.append(each)
        self._send(sorted(ready.values(), key=lambda each: each.seq))
        return self._plan

    def _go_on(self, tried: Iterable[Waiting]) -> None:
        """Try again what was tried before, as the same message."""
        for message, group in groupby(sorted(tried, key=lambda each: (each.message, each.seq)), lambda e: e.message):
            revisions = tuple(group)
            due = all(each.status is SinkStatus.PENDING and each.due <= self._now for each in revisions)
            if due and all(not each.withdraws and self._is_late(each) for each in revisions):
                self._plan.over |= dict.fromkeys((each.seq for each in revisions), SinkStatus.LATE)
                continue
            self._busy |= {each.alert.alert_id for each in revisions}
            if due:
                self._plan.messages.append(Planned(message or "", revisions))

    def _is_due(self, each: Waiting, gathered: Collection[str]) -> bool:
        return each.due <= self._now or (not each.held and each.gathers in gathered)

    def _is_late(self, each: Waiting) -> bool:
        return each.is_late(self._now, self._sight.rules.late)

    def _is_told(self, each: Waiting, before: list[Waiting]) -> bool:
        """Decide about a revision whose time has come; what is not told now is over or kept back."""
        over = self._plan.over
        if each.withdraws:
            if each.alert.alert_id in self._told or not all(map(self._is_kept_back, before)):
                return True  # a withdrawal of what was sent always goes
            over |= dict.fromkeys((every.seq for every in (*before, each)), SinkStatus.DROPPED)
            for earlier in before:
                self._plan.held.pop(earlier.seq, None)
            before.clear()
            return False
        if self._is_late(each):
            over[each.seq] = SinkStatus.LATE
            return False
        if each.insists is None and self._sight.silence.covers(each.alert):
            over[each.seq] = SinkStatus.MUTED
            return False
        until = self._kept_until(each)
        if until is not None:
            self._plan.held[each.seq] = until
            return False
        return True

    def _is_kept_back(self, each: Waiting) -> bool:
        """Return whether the sink kept it back until now, or would from now on."""
        return each.held or each.seq in self._plan.held

    def _kept_until(self, each: Waiting) -> tuple[SinkStatus, datetime] | None:
        rules, now = self._sight.rules, self._now
        if rules.digest is not None and not each.held:
            self._digest = self._digest or now + rules.digest
            return SinkStatus.DIGEST, self._digest
        quiet = rules.quiet.until(now, each.alert) if rules.quiet is not None else None
        return None if quiet is None else (SinkStatus.QUIET, quiet)

    def _send(self, ready: Sequence[Waiting]) -> None:
        """Make messages: what was kept back is one, what is said of one entry is one, each alert in order."""
        groups: dict[str, list[Waiting]] = {}
        by_alert: dict[str, list[int]] = {}
        for each in ready:
            by_alert.setdefault(each.alert.alert_id, []).append(each.seq)
        group_of: dict[str, str] = {}
        for each in reversed(ready):  # what was kept back goes along with a later revision that is told by itself
            alert = each.alert.alert_id
            if self._is_kept_back(each):
                groups.setdefault(group_of.get(alert, ""), []).append(each)
            else:
                groups.setdefault(each.gathers, []).append(each)
                group_of[alert] = each.gathers
        for group in sorted((sorted(group, key=lambda each: each.seq) for group in groups.values()), key=_first):
            # A revision whose alert has an earlier one in another message waits for what becomes of that.
            own = {each.seq for each in group}
            revisions = [each for each in group if _goes(each.seq, own, by_alert[each.alert.alert_id])]
            self._busy |= {each.alert.alert_id for each in revisions}
            if revisions:
                self._send_or_hold(revisions)

    def _send_or_hold(self, revisions: Sequence[Waiting]) -> None:
        for each in revisions:
            self._plan.held.pop(each.seq, None)
        always = any(each.withdraws for each in revisions)
        room = None if always else room_at(self._now, self._sent, self._sight.rules.most)
        if room is not None:
            self._plan.held |= {each.seq: (SinkStatus.MOST, room) for each in revisions}
            return
        self._sent.append(self._now)
        first = revisions[0].alert
        self._plan.messages.append(Planned(f"{first.alert_id}:{first.revision}", tuple(revisions)))


def _first(revisions: Sequence[Waiting]) -> int:
    return revisions[0].seq


def _goes(seq: int, group: Collection[int], of_alert: Iterable[int]) -> bool:
    """Return whether all that is ready of an alert before a revision, given in order, is in the revision's group."""
    return all(other in group for other in takewhile(lambda other: other < seq, of_alert))
