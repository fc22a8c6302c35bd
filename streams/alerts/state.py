"""What one rule remembers of one coverage."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from schemas.alert import SubjectKind
    from schemas.entry import Entry


class SubjectKey(NamedTuple):
    """What an alert speaks of."""

    kind: "SubjectKind"
    id: str


class Heard(NamedTuple):
    """A source that reports an entry: since when, and by which duplicate, if by one."""

    source_id: str
    since: datetime
    duplicate: str | None = None


@dataclass(slots=True)
class KnownEntry:
    """An entry that met the condition once."""

    entry_id: str
    subject: SubjectKey
    bound: bool = False
    """It was a cause: the subject stays."""
    first: datetime | None = None
    """When its first matching revision was received."""
    order: int = 0
    """The larger, the later its first matching revision came."""
    counts: bool = False
    """Its newest revision meets the condition."""
    fresh: bool = True
    duplicate: bool = False
    """It is a duplicate now: no cause, but under `count: sources` its source counts."""
    duplicate_since: datetime | None = None
    """When its first matching revision as a duplicate was received."""
    source_id: str = ""
    revision: int = 0
    entry: "Entry | None" = None
    """The newest revision that met the condition."""
    digest: str = ""
    """Of the values that the rule reads, as of the newest revision."""
    figures: dict[str, float] = field(default_factory=dict)
    correction: bool = False
    heard: list[Heard] = field(default_factory=list)
    touched: int = 0
    """The larger, the newer its newest revision among the rule's entries."""


@dataclass(slots=True)
class AlertState:
    """An alert that stands."""

    alert_id: str
    subject: SubjectKey
    raiser: str | None
    raised_at: datetime
    last_match: datetime
    revision: int = 0
    causes: dict[str, int] = field(default_factory=dict)
    """Each cause's newest revision, the oldest cause first; those that are gone stay."""
    standing: set[str] = field(default_factory=set)
    sources: list[str] = field(default_factory=list)
    told_at: datetime | None = None
    """When it was told last; None: nobody was told."""
    told_figures: dict[str, float] = field(default_factory=dict)
    told_entry: "Entry | None" = None
    title: str = ""
    reason: str = ""

    @property
    def told(self) -> bool:
        """Whether anyone was told of it."""
        return self.told_at is not None

    def add_sources(self, sources: list[str]) -> None:
        """Note who reports it."""
        self.sources += [source for source in dict.fromkeys(sources) if source not in self.sources]


@dataclass(slots=True)
class Pending:
    """What is raised once `hold` is over, if it still stands."""

    subject: SubjectKey
    due: datetime
    last_match: datetime
    raisers: dict[str, int]
    """The revisions that wait, the oldest first; the first that still stands raises the alert."""
    causes: list[str]
    """The entries that wait, with those that count along."""


@dataclass(slots=True)
class NewEntry:
    """A new entry within a burst's memory."""

    at: datetime
    entry_id: str
    revision: int
    source_id: str


@dataclass(slots=True)
class SignOfLife:
    """The last document of a source that changed something."""

    at: datetime
    entry_id: str
    revision: int


@dataclass(slots=True)
class RuleState:
    """All that a rule remembers of a coverage."""

    version: str = ""
    """Of the rule by which it was remembered."""
    kind: str = ""
    sequence: int = 0
    alerts: dict[str, AlertState] = field(default_factory=dict)
    """Those that stand, the oldest first."""
    current: dict[SubjectKey, str] = field(default_factory=dict)
    """The newest alert of a subject, while it stands."""
    pending: dict[SubjectKey, Pending] = field(default_factory=dict)
    entries: dict[str, KnownEntry] = field(default_factory=dict)
    new: list[NewEntry] = field(default_factory=list)
    signs: dict[str, SignOfLife] = field(default_factory=dict)
    by_cause: dict[str, list[AlertState]] = field(default_factory=dict)
    """The alerts that an entry is a standing cause of, the oldest first; follows from `alerts`."""
    first_of: dict[str, str] = field(default_factory=dict)
    """The entry that a duplicate reports too, by the duplicate's id; follows from `entries`."""
    changed_entries: set[str] = field(default_factory=set)
    changed: bool = False
    """Since the timers were looked at."""
    unwritten: bool = False
    """Changed since it was last written."""

    def forget(self) -> None:
        """Begin anew; entries are kept, so that their records are written over."""
        for remembered in (self.alerts, self.current, self.pending, self.new, self.signs, self.by_cause):
            remembered.clear()
        for known in self.entries.values():
            known.counts = False
            self.entry_changed(known)

    def stand(self, alert: AlertState, entry_id: str) -> None:
        """Make an entry a standing cause of an alert."""
        if entry_id not in alert.standing:
            alert.standing.add(entry_id)
            self.by_cause.setdefault(entry_id, []).append(alert)

    def fall(self, alert: AlertState, entry_id: str) -> None:
        """Let an entry be a standing cause of an alert no more."""
        alert.standing.discard(entry_id)
        left = [other for other in self.by_cause.get(entry_id, ()) if other is not alert]
        if left:
            self.by_cause[entry_id] = left
        else:
            self.by_cause.pop(entry_id, None)

    def entry_changed(self, known: KnownEntry) -> None:
        """Note that an entry's record is to be written."""
        self.changed_entries.add(known.entry_id)
        self.changed = True

    def next_in_sequence(self) -> int:
        """Return a number larger than all before it."""
        self.sequence += 1
        self.changed = True
        return self.sequence
