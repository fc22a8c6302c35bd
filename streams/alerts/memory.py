"""What the rules remember, as records for a compacted topic: the same alerts come out over any restart."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from streams.alerts.record import Record, read_entry, read_state, write_entry, write_state
from streams.alerts.state import RuleState

if TYPE_CHECKING:
    from schemas.entry import Entry

_SEPARATOR: Final = "\0"


class CoverageClock:
    """A coverage's time, and how old its entries were when they were first received."""

    def __init__(self) -> None:
        self.now: datetime | None = None
        """The latest time of a document."""
        self.began: datetime | None = None
        """When its first entry was received."""
        self.ages: dict[str, float | None] = {}
        """Each entry's age in seconds when it was first received; None if its source gave no time."""
        self.changed = False
        self.changed_ages: set[str] = set()

    def see(self, entry: "Entry", at: datetime) -> None:
        """Take up a revision."""
        self.began = self.began or at
        self.now = at
        self.changed = True
        if entry.entry_id not in self.ages:
            published = entry.first_published_at or entry.published_at
            self.ages[entry.entry_id] = (entry.received_at - published).total_seconds() if published else None
            self.changed_ages.add(entry.entry_id)

    def advance(self, to: datetime) -> None:
        """Let time pass."""
        if self.now is None or to > self.now:
            self.now = to
            self.changed = True

    def age(self, entry: "Entry") -> timedelta | None:
        """Return how old an entry was when it was first received."""
        seconds = self.ages[entry.entry_id]
        return None if seconds is None else timedelta(seconds=seconds)


class Memory:
    """What all rules remember of a partition's coverages."""

    def __init__(self) -> None:
        self._clocks: dict[str, CoverageClock] = {}
        self._rules: dict[tuple[str, str], RuleState] = {}

    def coverages(self) -> tuple[str, ...]:
        """Return the coverages of which an entry was seen."""
        return tuple(self._clocks)

    def clock(self, coverage_id: str) -> CoverageClock:
        """Return a coverage's time."""
        return self._clocks.setdefault(coverage_id, CoverageClock())

    def rule(self, coverage_id: str, rule_id: str) -> RuleState:
        """Return what a rule remembers of a coverage."""
        return self._rules.setdefault((coverage_id, rule_id), RuleState())

    def load(self, key: bytes, value: bytes | None) -> None:
        """Take up a record in the order of the log; None is a tombstone."""
        coverage, rule, *entry = key.decode().split(_SEPARATOR)
        found = Record.unpack(value) if value is not None else None
        if rule and entry:
            entries = self.rule(coverage, rule).entries
            if found is None:
                entries.pop(entry[0], None)
            else:
                entries[entry[0]] = read_entry(entry[0], found)
        elif rule:
            if found is None:
                self._rules.pop((coverage, rule), None)
            else:
                read_state(self.rule(coverage, rule), found)
        elif entry:
            ages = self.clock(coverage).ages
            if found is None:
                ages.pop(entry[0], None)
            else:
                ages[entry[0]] = found[0]
        elif found is None:
            self._clocks.pop(coverage, None)
        else:
            clock = self.clock(coverage)
            clock.now, clock.began = datetime.fromisoformat(found[0]), datetime.fromisoformat(found[1])

    def changes(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the records that changed since the last call; whoever writes them has to write all of them."""
        for coverage, clock in self._clocks.items():
            for entry in sorted(clock.changed_ages):
                yield _key(coverage, "", entry), Record.pack([clock.ages[entry]])
            clock.changed_ages.clear()
            if clock.changed and clock.now is not None:
                yield _key(coverage, ""), Record.pack([clock.now, clock.began])
            clock.changed = False
        for (coverage, rule), state in self._rules.items():
            for entry in sorted(state.changed_entries):
                yield _key(coverage, rule, entry), write_entry(state.entries[entry])
            state.changed_entries.clear()
            if state.unwritten:
                yield _key(coverage, rule), write_state(state)
            state.unwritten = False


def _key(*parts: str) -> bytes:
    return _SEPARATOR.join(parts).encode()
