"""`when`: an entry that meets a condition, perhaps so many of them (`count`)."""

from datetime import datetime

from schemas.alert import AlertChange, HeldBack, Insistence
from schemas.entry import Change, Entry
from streams.alerts import causes
from streams.alerts.cel.errors import FAILURES, CostExceededError
from streams.alerts.cooldown import Course, course, falls, rises
from streams.alerts.revise import Scene, alert_id
from streams.alerts.rules.count import Counter
from streams.alerts.rules.holds import Holds
from streams.alerts.rules.kind import Seen
from streams.alerts.rules.overs import Overs
from streams.alerts.state import AlertState, KnownEntry, Pending, SubjectKey
from streams.alerts.title import with_end


class ConditionRule:
    """A rule with `when`, over one coverage."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._state = scene.state
        self._rule = scene.compiled.rule
        self._on = frozenset(self._rule.on)
        self._waits = Holds(self._state, self._rule.hold)
        self._overs = Overs(self._state, self._rule.over_after)
        self._counter = Counter(self._rule.count, self._state) if self._rule.count else None
        for known in self._state.entries.values():
            self._state.first_of |= {h.duplicate: known.entry_id for h in known.heard if h.duplicate is not None}

    def see(self, seen: Seen) -> None:
        """Take up a revision: causes leave, are corroborated, change or join."""
        entry = seen.entry
        known = self._state.entries.get(entry.entry_id)
        causes.part(self._state, entry)
        if entry.duplicate_of is not None:
            self._duplicate(seen, known)
            return
        if known is not None and known.duplicate:  # it tells other news now
            known.duplicate = known.counts = False
            self._state.entry_changed(known)
        if entry.change is Change.RETRACTED:
            self._retracted(seen, known)
        elif entry.change is Change.CORROBORATED and known is not None and known.counts:
            self._corroborated(seen, known)
        elif self._holds(seen):
            self._matching(seen, known)
        elif known is not None:
            self._left(seen, known, AlertChange.LAPSED)

    def due(self) -> datetime | None:
        """Return when the next hold ends or the next alert is over."""
        holds = self._waits.next()
        over = self._overs.next()
        return min(holds, over) if holds and over else holds or over

    def fire(self, at: datetime) -> None:
        """End the alerts that nothing has matched for `over_after`; raise what has stood for `hold`."""
        for alert in self._overs.due(at):
            self._end(alert, at)
        for pending in self._waits.due(at):
            self._raise_held(pending, at)

    def _end(self, alert: AlertState, at: datetime) -> None:
        cause = causes.newest(self._scene, alert)
        self._scene.revise(
            alert,
            AlertChange.ENDED,
            at,
            HeldBack.OVER,
            title=with_end(alert.title, "over"),
            reason=f"nothing more since {alert.last_match:%Y-%m-%d %H:%M} UTC: {alert.reason}",
            entry=cause.entry if cause else None,
            urgency=causes.urgency(self._scene, alert),
        )
        for entry_id in list(alert.standing):
            self._state.fall(alert, entry_id)
            if self._counter is None:  # what counted once may count again, once others report it
                causes.release(self._scene, entry_id)

    def _holds(self, seen: Seen) -> bool:
        return self._evaluate(seen, urgent=False)

    def _evaluate(self, seen: Seen, *, urgent: bool) -> bool:
        expression = self._scene.compiled.urgent if urgent else self._scene.compiled.when
        if expression is None:
            return False
        try:
            return expression.holds(seen.reading)
        except (*FAILURES, CostExceededError) as error:
            self._scene.failures.append(error)
            return False

    def _retracted(self, seen: Seen, known: KnownEntry | None) -> None:
        """Withdraw a cause; a retraction of another entry may be what a rule looks for."""
        if known is not None and self._left(seen, known, AlertChange.WITHDRAWN):
            return
        if Change.RETRACTED in self._on and self._holds(seen):
            self._candidate(seen, known)

    def _left(self, seen: Seen, known: KnownEntry, way: AlertChange) -> bool:
        """Take an entry out of all alerts; return whether it was a cause or waited to be one."""
        was = known.counts
        if not was:
            return False
        known.counts = False
        self._state.entry_changed(known)
        corrects = seen.entry.is_correction and not known.correction
        if way is AlertChange.WITHDRAWN:
            insists = Insistence.WITHDRAWAL
        elif seen.entry.duplicate_of is not None:  # it repeats other news now, and takes nothing back
            insists = None
        elif corrects or falls(self._scene.compiled.figures(seen.entry), known.figures):
            insists = Insistence.CORRECTION
        else:
            insists = None
        causes.leave(self._scene, known, way, seen.at, seen.entry.source_id, insists)
        self._waits.leave(known)
        return True

    def _duplicate(self, seen: Seen, known: KnownEntry | None) -> None:
        """Let a duplicate add its source to the first report's alert; it is no cause itself."""
        entry = seen.entry
        if known is not None and not known.duplicate:
            self._left(seen, known, AlertChange.LAPSED)
        gone = entry.change is Change.RETRACTED
        first = self._state.entries.get(entry.duplicate_of or "")
        if not gone and first is not None and first.counts and not first.duplicate:
            self._heard_of(first, entry, seen.at)
        if self._counter is not None and self._counter.by_sources:
            self._count_duplicate(seen, known, gone=gone)

    def _heard_of(self, first: KnownEntry, entry: Entry, at: datetime) -> None:
        causes.hear(self._state, first, entry.source_id, at, entry.entry_id)
        if self._counter is not None:
            self._counter.note(first)
        standing = causes.standing(self._scene, first.entry_id)
        if standing:
            standing[-1].add_sources([entry.source_id])
            standing[-1].last_match = at
        if waiting := self._waits.with_entry(first):
            waiting.last_match = at
        self._state.entry_changed(first)

    def _count_duplicate(self, seen: Seen, known: KnownEntry | None, *, gone: bool) -> None:
        entry = seen.entry
        if gone:
            if known is not None and known.counts:
                known.counts = False
                self._state.entry_changed(known)
            return
        holds = self._holds(seen)
        if known is None and (not holds or entry.change not in self._on):
            return
        known = known or self._new(seen)
        known.duplicate = True
        known.counts = holds
        if holds and entry.change in self._on:
            known.duplicate_since = known.duplicate_since or seen.at
        self._regard(known, entry)
        self._state.entry_changed(known)

    def _new(self, seen: Seen) -> KnownEntry:
        entry = seen.entry
        known = KnownEntry(
            entry_id=entry.entry_id,
            subject=causes.subject_of(entry, self._rule.per),
            fresh=seen.fresh(self._rule.fresh),
            source_id=entry.source_id,
        )
        self._state.entries[entry.entry_id] = known
        return known

    def _regard(self, known: KnownEntry, entry: Entry) -> None:
        """Let an entry that was no cause yet speak of its newest story; a cause stays with its subject."""
        if not known.bound and self._waits.with_entry(known) is None:
            known.subject = causes.subject_of(entry, self._rule.per)
        if self._counter is not None:
            self._counter.note(known)

    def _first_match(self, known: KnownEntry, at: datetime) -> None:
        if known.first is None:
            known.first, known.order = at, self._state.next_in_sequence()

    def _corroborated(self, seen: Seen, known: KnownEntry) -> None:
        """Note who else reports a cause; under `count: sources` that may be what was missing."""
        self._regard(known, seen.entry)
        causes.take(self._scene, known, seen.entry, seen.at)
        standing = causes.standing(self._scene, known.entry_id)
        if standing:
            alert = standing[-1]
            causes.add(self._scene, alert, known)
            alert.last_match = seen.at
            causes.update(self._scene, alert, seen.at, HeldBack.UNCHANGED, known)
        elif waiting := self._waits.with_entry(known):
            waiting.last_match = seen.at
        elif (self._counter is not None and self._counter.by_sources) or (
            Change.CORROBORATED in self._on and self._holds(seen)
        ):
            self._decide(seen, known)

    def _matching(self, seen: Seen, known: KnownEntry | None) -> None:
        if seen.entry.change in self._on:
            self._candidate(seen, known)
        elif known is not None and known.counts:  # no match of this rule, but what the next one is compared with
            self._regard(known, seen.entry)
            causes.compare(self._scene, known, seen.entry)

    def _candidate(self, seen: Seen, known: KnownEntry | None) -> None:
        """Decide what becomes of a revision that meets the condition."""
        entry = seen.entry
        known = known or self._new(seen)
        standing = causes.standing(self._scene, entry.entry_id)
        before = (known.digest, known.figures, known.correction)
        self._regard(known, entry)
        self._first_match(known, seen.at)
        known.counts = True
        causes.take(self._scene, known, entry, seen.at)
        if standing:
            alert = standing[-1]
            corrected = (known.correction and not before[2]) or falls(known.figures, before[1])
            if corrected and known.fresh:
                self._join(alert, known, seen.at, None, Insistence.CORRECTION)
                return
            if known.digest == before[0]:
                self._join(alert, known, seen.at, HeldBack.UNCHANGED)
                return
        self._decide(seen, known)

    def _join(
        self,
        alert: AlertState,
        known: KnownEntry,
        at: datetime,
        held_back: HeldBack | None,
        insists: Insistence | None = None,
    ) -> None:
        causes.add(self._scene, alert, known)
        alert.last_match = at
        causes.update(self._scene, alert, at, held_back, known, insists)

    def _decide(self, seen: Seen, known: KnownEntry) -> None:
        """Raise a new alert, begin to wait for `hold`, or join what stands or waits."""
        subject, at = known.subject, seen.at
        if pending := self._waits.of(subject):
            self._wait_along(pending, seen, known)
            return
        current = self._state.alerts.get(self._state.current.get(subject, ""))
        if course(current, at, self._rule.cooldown, fresh=known.fresh) is Course.RAISE:
            counted = self._counter.reached(subject, at) if self._counter else [known]
            if known in counted:
                self._begin(seen, known, counted, self._insists(seen, current, known))
            elif current is not None:
                self._join(current, known, at, HeldBack.COOLDOWN if known.fresh else HeldBack.OLD)
        elif current is not None:
            if not known.fresh:
                self._join(current, known, at, HeldBack.OLD)
            else:
                insists = self._insists(seen, current, known)
                self._join(current, known, at, None if insists else HeldBack.COOLDOWN, insists)

    def _insists(self, seen: Seen, current: AlertState | None, known: KnownEntry) -> Insistence | None:
        """Return why a cause is told despite the cooldown, and although the alert was acknowledged or muted."""
        if current is not None and rises(known.figures, current.told_figures, self._rule.rises):
            return Insistence.RISES
        return Insistence.URGENT if self._evaluate(seen, urgent=True) else None

    def _begin(self, seen: Seen, known: KnownEntry, counted: list[KnownEntry], insists: Insistence | None) -> None:
        raiser = (known.entry_id, known.revision)
        # A figure that rises is told through a mute; of what may not wait for `hold`, only `urgent` speaks.
        urgent = insists is Insistence.URGENT or (insists is Insistence.RISES and self._evaluate(seen, urgent=True))
        if self._rule.hold and not urgent:
            self._waits.begin(known, counted, seen.at)
            return
        self._raise(known.subject, raiser, counted, seen.at, seen.at, insists)

    def _wait_along(self, pending: Pending, seen: Seen, known: KnownEntry) -> None:
        self._waits.join(pending, known, seen.at)
        if self._evaluate(seen, urgent=True):
            waiting = self._waits.take(pending)
            raiser = (known.entry_id, known.revision)
            self._raise(pending.subject, raiser, waiting, seen.at, seen.at, Insistence.URGENT)

    def _raise_held(self, pending: Pending, at: datetime) -> None:
        waiting = self._waits.take(pending)
        if self._counter is not None and not self._counter.enough(waiting):
            return
        raiser = next((each for each in pending.raisers.items() if each[0] in pending.causes), None)
        if raiser is not None:
            self._raise(pending.subject, raiser, waiting, at, pending.last_match)

    def _raise(
        self,
        subject: SubjectKey,
        raiser: tuple[str, int],
        counted: list[KnownEntry],
        at: datetime,
        match: datetime,
        insists: Insistence | None = None,
    ) -> None:
        new = alert_id(self._rule.id, subject, *raiser)
        if (stands := self._state.alerts.get(new)) is not None:  # the same revision came twice, with other values
            for known in counted:
                self._join(stands, known, at, HeldBack.UNCHANGED)
            return
        alert = AlertState(alert_id=new, subject=subject, raiser=raiser[0], raised_at=at, last_match=match)
        duplicates = self._counter.sources_of_duplicates(subject, at) if self._counter else []
        causes.raise_(self._scene, alert, counted, duplicates, insists)
        self._overs.add(alert)
