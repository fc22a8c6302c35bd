"""A naive model of the contract's section "Alert", written from its text and not from the engine.

It keeps the whole history and looks everything up in it: no index, no state of an entry, no heap. It knows conditions
as Python functions, so that CEL is checked as well.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from schemas import Entry

Figures = dict[str, float]
HOUR = timedelta(hours=1)


def biggest(entry: Entry, kind: str) -> float | None:
    """Return the largest figure of a kind."""
    return max((figure.value for figure in entry.figures if figure.kind == kind), default=None)  # type: ignore[type-var]


@dataclass(frozen=True)
class Condition:
    """A condition in CEL and in Python, with what it reads and the kinds of figures it names."""

    cel: str
    holds: Callable[[Entry], bool]
    reads: Callable[[Entry], Any]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule as the model knows it."""

    kind: str
    when: Condition | None = None
    urgent: Condition | None = None
    on: tuple[str, ...] = ("created", "updated", "restored")
    per: str = "story"
    cooldown: timedelta = timedelta(minutes=15)
    rises: tuple[str, ...] = ()
    hold: timedelta = timedelta(0)
    fresh: timedelta | None = HOUR
    over_after: timedelta = timedelta(hours=6)
    urgency: int | None = None
    sources: int | None = None
    entries: int | None = None
    within: timedelta = timedelta(0)
    times: float = 4
    least: int = 5
    silence: timedelta = timedelta(0)
    between: tuple[time, time] | None = None
    timezone: str = "UTC"


@dataclass
class Moment:
    """A revision in the history, with what the rule made of it."""

    at: datetime
    entry: Entry
    match: bool = False
    """It met the condition and counts as met."""
    means: bool = False
    """It stands for the entry: a match, or a corroboration of one."""
    heard: bool = False
    """A duplicate of what matched then."""


@dataclass
class Spoken:
    """An alert."""

    subject: tuple[str, str]
    raiser: str
    key: tuple[Any, ...]
    raised: datetime
    match: datetime
    causes: list[str] = field(default_factory=list)
    revisions: dict[str, int] = field(default_factory=dict)
    inside: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    told: list[datetime] = field(default_factory=list)
    values: Figures = field(default_factory=dict)
    shown: Entry | None = None
    revision: int = 0
    over: bool = False


@dataclass
class Waiting:
    """What waits for `hold`."""

    subject: tuple[str, str]
    due: datetime
    match: datetime
    ids: list[str]
    keys: list[tuple[str, int]]


class Model:
    """One rule over one coverage."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.history: list[Moment] = []
        self.spoken: list[Spoken] = []
        self.waiting: list[Waiting] = []
        self.subjects: dict[str, tuple[str, str]] = {}
        self.out: list[dict[str, Any]] = []
        self.now: datetime | None = None

    def run(self, entries: Sequence[Entry], end: datetime) -> list[dict[str, Any]]:
        """Return what the rule says of a coverage's entries."""
        for entry in entries:
            at = max(self.now or entry.received_at, entry.received_at)
            self.pass_time(at)
            self.now = at
            moment = Moment(at, entry)
            self.history.append(moment)
            getattr(self, f"see_{self.rule.kind}")(moment)
        if entries:
            self.pass_time(end)
        return self.out

    # What the history says

    def moments(self, entry_id: str) -> list[Moment]:
        """Return an entry's revisions so far."""
        return [moment for moment in self.history if moment.entry.entry_id == entry_id]

    def old(self, entry_id: str) -> bool:
        """Return whether an entry was published too long before it was first received."""
        first = self.moments(entry_id)[0].entry
        published = first.first_published_at or first.published_at
        return self.rule.fresh is not None and published is not None and first.received_at - published > self.rule.fresh

    def stands_for(self, entry_id: str) -> Entry:
        """Return the revision by which an entry is a cause."""
        return [moment.entry for moment in self.moments(entry_id) if moment.means][-1]

    def meets(self, entry_id: str) -> bool:
        """Return whether an entry's newest revision that says so meets the condition."""
        for moment in reversed(self.moments(entry_id)):
            entry = moment.entry
            if moment.match:
                return True
            if entry.change == "corroborated":
                continue
            if entry.duplicate_of or entry.change == "retracted" or not self.holds(self.rule.when, entry):
                return False
            # An edit that `on` leaves out, but that still meets the condition: as before.
        return False

    def reporters(self, entry_id: str) -> list[tuple[str, datetime]]:
        """Return who reports an entry, and since when."""
        found: list[tuple[str, datetime, str]] = []
        for moment in self.history:
            entry, reports = moment.entry, []
            if entry.entry_id == entry_id and moment.means:
                reports = [(entry.source_id, ""), *((report.source_id, report.entry_id) for report in entry.sources)]
            elif entry.change == "retracted" or entry.duplicate_of != entry_id:
                found = [each for each in found if each[2] != entry.entry_id]
            elif moment.heard:
                reports = [(entry.source_id, entry.entry_id)]
            known = {(source, duplicate) for source, _, duplicate in found}
            found += [(source, moment.at, by) for source, by in reports if (source, by) not in known]
        first = {source: at for source, at, _ in reversed(found)}
        return [(source, first[source]) for source in dict.fromkeys(source for source, *_ in found)]

    @staticmethod
    def holds(condition: Condition | None, entry: Entry) -> bool:
        """Return whether a condition holds."""
        return condition is not None and condition.holds(entry)

    def subject(self, entry: Entry) -> tuple[str, str]:
        """Return what an alert about an entry speaks of."""
        if self.rule.per == "coverage":
            return ("coverage", entry.coverage_id)
        if self.rule.per == "story" and entry.story_id:
            return ("story", entry.story_id)
        return ("entry", entry.entry_id)

    def figures(self, entry: Entry, kinds: Iterable[str]) -> Figures:
        """Return the largest figure of each kind."""
        return {kind: value for kind in kinds if (value := biggest(entry, kind)) is not None}

    # Time

    def pass_time(self, to: datetime) -> None:
        """Do what is due up to a time, in the order of the times."""
        while True:
            dues = [due for due in getattr(self, f"dues_{self.rule.kind}")() if due[0] <= to]
            if not dues:
                return
            self.now, _, act, about = min(dues, key=lambda due: (due[0], due[1]))
            act(about)

    def dues_when(self) -> list[tuple[datetime, int, Callable[[Any], None], Any]]:
        """Return when alerts are over and holds end."""
        over = [(max(a.match + self.rule.over_after, a.raised), 0, self.end, a) for a in self.spoken if not a.over]
        return [*over, *[(waiting.due, 1, self.held, waiting) for waiting in self.waiting]]

    def end(self, alert: Spoken) -> None:
        """End an alert that nothing matched for long."""
        alert.over = True
        assert self.now is not None
        self.say(alert, "ended", "over", self.now, self.newest(alert))
        alert.inside.clear()

    def held(self, waiting: Waiting) -> None:
        """Raise what still stands after `hold`."""
        self.waiting.remove(waiting)
        if self.rule.entries and len(waiting.ids) < self.rule.entries:
            return
        if self.rule.sources and len({s for i in waiting.ids for s, _ in self.reporters(i)}) < self.rule.sources:
            return
        keys = [key for key in waiting.keys if key[0] in waiting.ids]
        if keys:
            self.raise_(waiting.subject, keys[0], waiting.ids, waiting.due, waiting.match)

    # Conditions

    def see_when(self, moment: Moment) -> None:
        """Do what a revision asks for."""
        entry, at = moment.entry, moment.at
        met = self.met_before(entry)
        if entry.duplicate_of:
            if met:
                self.leave(entry.entry_id, "lapsed", at)
            self.duplicate(moment)
        elif entry.change == "retracted" and met:
            self.leave(entry.entry_id, "withdrawn", at)
        elif entry.change == "corroborated" and met:
            moment.means = True
            self.corroborate(moment)
        elif not self.holds(self.rule.when, entry):
            if met:
                self.leave(entry.entry_id, "lapsed", at, corrected=self.corrects(entry))
        elif entry.change in self.rule.on:
            moment.match = moment.means = True
            self.cause(moment)

    def met_before(self, entry: Entry) -> bool:
        """Return whether an entry met the condition before its newest revision, as a cause may."""
        last = self.history.pop()
        met = self.meets(entry.entry_id)
        self.history.append(last)
        return met

    def duplicate(self, moment: Moment) -> None:
        """Let a duplicate add its source."""
        entry = moment.entry
        if not self.moments(entry.duplicate_of or "") or not self.meets(entry.duplicate_of or ""):
            return
        moment.heard = True
        if entry.change == "retracted":
            return
        for alert in [alert for alert in self.spoken if entry.duplicate_of in alert.inside][-1:]:
            self.add_sources(alert, [entry.source_id])
            alert.match = moment.at
        for waiting in self.waiting:
            if entry.duplicate_of in waiting.ids:
                waiting.match = moment.at

    def corrects(self, entry: Entry) -> bool:
        """Return whether a fresh entry's newest revision is a correction or lowers a figure."""
        before = self.moments(entry.entry_id)[-2].entry
        kinds = {*self.rule.rises, *(self.rule.when.names if self.rule.when else ())}
        then, now = self.figures(before, kinds), self.figures(entry, kinds)
        fell = any(now[kind] < then[kind] for kind in kinds if kind in now and kind in then)
        return (fell or (entry.is_correction and not before.is_correction)) and not self.old(entry.entry_id)

    def leave(self, entry_id: str, way: str, at: datetime, *, corrected: bool = False) -> None:
        """Take a cause out of its alerts, or out of what waits."""
        for alert in self.spoken:
            if entry_id not in alert.inside:
                continue
            alert.inside.remove(entry_id)
            untold = None if alert.told else "old"
            if not alert.inside:
                alert.over = True
                self.say(alert, way, untold, at, alert.shown or self.stands_for(entry_id))
            elif alert.raiser == entry_id or corrected:
                newest = self.newest(alert)
                if newest is not None and untold is None:
                    alert.values.update(self.figures(newest, self.rule.rises))
                self.say(alert, "updated", untold, at, newest)
            else:
                self.say(alert, "updated", "unchanged", at, self.newest(alert))
        for waiting in list(self.waiting):
            if entry_id in waiting.ids:
                waiting.ids.remove(entry_id)
                if not waiting.ids:
                    self.waiting.remove(waiting)

    def corroborate(self, moment: Moment) -> None:
        """Say who else reports a cause; count it if nothing was said yet."""
        entry_id = moment.entry.entry_id
        if alerts := [alert for alert in self.spoken if entry_id in alert.inside]:
            self.join(alerts[-1], entry_id, moment.at, "unchanged")
        elif waiting := [each for each in self.waiting if entry_id in each.ids]:
            waiting[0].match = moment.at
        elif self.rule.sources or ("corroborated" in self.rule.on and self.holds(self.rule.when, moment.entry)):
            self.decide(moment)

    def cause(self, moment: Moment) -> None:
        """Say what a revision that meets the condition leads to."""
        entry, at = moment.entry, moment.at
        entry_id = entry.entry_id
        alerts = [alert for alert in self.spoken if entry_id in alert.inside]
        if alerts:
            before = self.moments(entry_id)[-2].entry
            if self.corrects(entry):
                self.join(alerts[-1], entry_id, at, None)
                return
            if self.read(entry) == self.read(before):
                self.join(alerts[-1], entry_id, at, "unchanged")
                return
        self.decide(moment)

    def read(self, entry: Entry) -> Any:
        """Return the values that the rule reads."""
        conditions = [condition for condition in (self.rule.when, self.rule.urgent) if condition]
        return [condition.reads(entry) for condition in conditions], self.figures(entry, self.rule.rises)

    def decide(self, moment: Moment) -> None:
        """Raise, wait, or join."""
        entry, at = moment.entry, moment.at
        entry_id = entry.entry_id
        subject = self.subject_now(entry_id) or self.subject(entry)
        urgent = self.holds(self.rule.urgent, entry)
        if self.wait_along(subject, moment, urgent=urgent):
            return
        newest = ([alert for alert in self.spoken if alert.subject == subject] or [None])[-1]
        if newest is None or newest.over:
            new = True
        elif not newest.told:
            new = not self.old(entry_id)
        else:
            new = at >= newest.told[-1] + self.rule.cooldown
        if not new:
            assert newest is not None
            self.join(newest, entry_id, at, self.why_not(newest, entry, urgent=urgent))
            return
        ids = self.counted(subject, at) if self.rule.sources or self.rule.entries else [entry_id]
        if entry_id not in ids:
            if newest is not None and not newest.over:
                self.join(newest, entry_id, at, "old" if self.old(entry_id) else "cooldown")
        elif self.rule.hold and not urgent:
            self.waiting.append(Waiting(subject, at + self.rule.hold, at, ids, [(entry_id, entry.revision)]))
        else:
            self.raise_(subject, (entry_id, entry.revision), ids, at, at)

    def wait_along(self, subject: tuple[str, str], moment: Moment, *, urgent: bool) -> bool:
        """Join what waits for `hold`; return whether anything of the subject does."""
        entry_id, at = moment.entry.entry_id, moment.at
        for waiting in self.waiting:
            if waiting.subject == subject:
                waiting.match = at
                waiting.keys.append((entry_id, moment.entry.revision))
                if entry_id not in waiting.ids:
                    waiting.ids.append(entry_id)
                if urgent:
                    self.waiting.remove(waiting)
                    self.raise_(subject, (entry_id, moment.entry.revision), waiting.ids, at, at)
                return True
        return False

    def why_not(self, alert: Spoken, entry: Entry, *, urgent: bool) -> str | None:
        """Return what holds back a cause within the cooldown."""
        if self.old(entry.entry_id):
            return "old"
        figures = self.figures(entry, self.rule.rises)
        rises = any(kind not in alert.values or value > alert.values[kind] for kind, value in figures.items())
        return None if urgent or rises else "cooldown"

    def counted(self, subject: tuple[str, str], at: datetime) -> list[str]:
        """Return the entries that count, if they are enough."""
        within = at - self.rule.within
        entries: list[tuple[int, str]] = []
        sources = set(self.duplicates(subject, at)) if self.rule.sources else set()
        for entry_id in dict.fromkeys(moment.entry.entry_id for moment in self.history):
            if self.old(entry_id) or not self.meets(entry_id):
                continue
            if (self.subject_now(entry_id) or self.latest_subject(entry_id)) != subject:
                continue
            moments = self.moments(entry_id)
            first, order = next((m.at, n) for n, m in enumerate(self.history) if m in moments and m.match)
            heard = {source for source, since in self.reporters(entry_id) if since > within}
            if first > within or (self.rule.sources and heard):
                entries.append((order, entry_id))
            sources |= heard
        enough = len(entries) >= self.rule.entries if self.rule.entries else len(sources) >= (self.rule.sources or 0)
        return [entry_id for _, entry_id in sorted(entries)] if enough else []

    def duplicates(self, subject: tuple[str, str], at: datetime) -> list[str]:
        """Return the sources of duplicates that count, the oldest first."""
        found = []
        for entry_id in dict.fromkeys(moment.entry.entry_id for moment in self.history):
            last = self.moments(entry_id)[-1].entry
            moments = [m for m in self.moments(entry_id) if m.entry.duplicate_of and m.entry.change != "retracted"]
            matching = [m for m in moments if m.entry.change in self.rule.on and self.holds(self.rule.when, m.entry)]
            if not last.duplicate_of or not matching or last.change == "retracted" or self.old(entry_id):
                continue
            since = matching[0].at
            about = self.subject_now(entry_id) or self.subject(last)
            if self.holds(self.rule.when, last) and about == subject and since > at - self.rule.within:
                found.append((since, entry_id, last.source_id))
        return [source for _, _, source in sorted(found)]

    def subject_now(self, entry_id: str) -> tuple[str, str] | None:
        """Return what an entry is a cause of, or waits to be one of."""
        waits = next((waiting.subject for waiting in self.waiting if entry_id in waiting.ids), None)
        return self.subjects.get(entry_id) or waits

    def latest_subject(self, entry_id: str) -> tuple[str, str]:
        """Return what an entry that never was a cause would be about."""
        return self.subject(self.moments(entry_id)[-1].entry)

    def raise_(
        self, subject: tuple[str, str], key: tuple[str, int], ids: list[str], at: datetime, match: datetime
    ) -> None:
        """Raise an alert."""
        alert = Spoken(subject, key[0], (subject, key), at, match)
        self.spoken.append(alert)
        for entry_id in ids:
            self.put(alert, entry_id)
        self.add_sources(alert, self.duplicates(subject, at) if self.rule.sources else [])
        told = any(not self.old(entry_id) for entry_id in ids)
        for entry_id in sorted(ids, key=self.place) if told else ():
            alert.values.update(self.figures(self.stands_for(entry_id), self.rule.rises))
        self.say(alert, "raised", None if told else "old", at, self.newest(alert))

    def join(self, alert: Spoken, entry_id: str, at: datetime, held_back: str | None) -> None:
        """Let a cause join, or change."""
        self.put(alert, entry_id)
        alert.match = at
        if held_back is None:
            alert.values.update(self.figures(self.stands_for(entry_id), self.rule.rises))
        self.say(alert, "updated", held_back, at, self.newest(alert))

    def put(self, alert: Spoken, entry_id: str) -> None:
        """Make an entry a cause."""
        self.subjects.setdefault(entry_id, alert.subject)
        if entry_id not in alert.causes:
            alert.causes.append(entry_id)
        if entry_id not in alert.inside:
            alert.inside.append(entry_id)
        alert.revisions[entry_id] = self.stands_for(entry_id).revision
        self.add_sources(alert, [source for source, _ in self.reporters(entry_id)])

    @staticmethod
    def add_sources(alert: Spoken, sources: list[str]) -> None:
        """Note who reports."""
        alert.sources += [source for source in dict.fromkeys(sources) if source not in alert.sources]

    def place(self, entry_id: str) -> int:
        """Return where in the history the revision stands by which an entry is a cause."""
        return max(number for number, m in enumerate(self.history) if m.entry.entry_id == entry_id and m.means)

    def newest(self, alert: Spoken) -> Entry | None:
        """Return the newest standing cause as it stands."""
        if not alert.inside:
            return None
        return self.stands_for(max(alert.inside, key=self.place))

    def say(self, alert: Spoken, change: str, held_back: str | None, at: datetime, entry: Entry | None) -> None:
        """Write a revision down."""
        alert.revision += 1
        if held_back is None:
            alert.told.append(at)
            if change in {"raised", "updated"}:
                alert.shown = entry
        urgencies = [self.stands_for(i).urgency or 9 for i in alert.inside if self.stands_for(i).urgency]
        self.out.append(
            {
                "key": alert.key,
                "revision": alert.revision,
                "change": change,
                "held_back": held_back,
                "at": at,
                "subject": alert.subject,
                "causes": [(i, alert.revisions[i]) for i in alert.causes],
                "sources": list(alert.sources),
                "urgency": self.rule.urgency or (min(urgencies, default=5) if self.rule.kind == "when" else 5),
                "entry": (entry.entry_id, entry.revision) if entry else None,
            }
        )

    # Bursts

    def new_between(self, after: datetime, to: datetime) -> list[Moment]:
        """Return the new, fresh entries received after a time and not after another."""
        return [
            moment
            for moment in self.history
            if after < moment.at <= to
            and moment.entry.change == "created"
            and not moment.entry.duplicate_of
            and not self.old(moment.entry.entry_id)
        ]

    def mean(self, at: datetime) -> float:
        """Return the mean number of new entries in the hour before the window."""
        begins = at - self.rule.within
        return len(self.new_between(begins - HOUR, begins)) * (self.rule.within / HOUR)

    def see_burst(self, moment: Moment) -> None:
        """Raise a burst."""
        at = moment.at
        window = self.new_between(at - self.rule.within, at)
        if moment not in window or any(not alert.over for alert in self.spoken) or at - self.history[0].at < HOUR:
            return
        if len(window) < max(self.rule.least, self.rule.times * self.mean(at)):
            return
        entry = moment.entry
        key = (("coverage", entry.coverage_id), (entry.entry_id, entry.revision))
        alert = Spoken(key[0], entry.entry_id, key, at, at)
        for each in window:
            each.means = True
            alert.causes.append(each.entry.entry_id)
            alert.revisions[each.entry.entry_id] = each.entry.revision
            self.add_sources(alert, [each.entry.source_id])
        self.spoken.append(alert)
        self.say(alert, "raised", None, at, entry)

    def dues_burst(self) -> list[tuple[datetime, int, Callable[[Any], None], Any]]:
        """Return when a burst is over: the first time an entry leaves the window and too few stay."""
        for alert in self.spoken:
            if not alert.over:
                leaves = sorted({m.at + self.rule.within for m in self.history})
                for at in leaves:
                    many = len(self.new_between(at - self.rule.within, at))
                    if at > alert.raised and (many < self.rule.least or many < 2 * self.mean(at)):
                        return [(at, 0, self.end_burst, alert)]
        return []

    def end_burst(self, alert: Spoken) -> None:
        """End a burst."""
        alert.over = True
        assert self.now is not None
        self.say(alert, "ended", None, self.now, alert.shown)

    # Silences

    def see_silence(self, moment: Moment) -> None:
        """End a silence."""
        entry = moment.entry
        if entry.change == "corroborated":
            return
        for alert in self.spoken:
            if alert.subject == ("source", entry.source_id) and not alert.over:
                alert.over = True
                self.say(alert, "ended", None, moment.at, None)

    def dues_silence(self) -> list[tuple[datetime, int, Callable[[Any], None], Any]]:
        """Return when each source has been silent for long enough."""
        found: list[tuple[datetime, int, Callable[[Any], None], Any]] = []
        for source in dict.fromkeys(m.entry.source_id for m in self.history if m.entry.change != "corroborated"):
            if any(alert.subject == ("source", source) and not alert.over for alert in self.spoken):
                continue
            signs = [m for m in self.history if m.entry.source_id == source and m.entry.change != "corroborated"]
            found.append((self.quiet_until(signs[-1].at + self.rule.silence), 0, self.raise_silence, signs[-1]))
        return found

    def raise_silence(self, sign: Moment) -> None:
        """Raise a silence."""
        assert self.now is not None
        key = (("source", sign.entry.source_id), (sign.entry.entry_id, sign.entry.revision))
        alert = Spoken(key[0], "", key, self.now, self.now)
        self.spoken.append(alert)
        self.say(alert, "raised", None, self.now, None)

    def quiet_until(self, complete: datetime) -> datetime:
        """Return the first minute from a time on that is between the rule's hours."""
        if self.rule.between is None:
            return complete
        zone = ZoneInfo(self.rule.timezone)
        begins, ends = self.rule.between
        moment = complete
        while True:
            clock = moment.astimezone(zone).time()
            inside = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
            if inside:
                return moment
            moment = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
