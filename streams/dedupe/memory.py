"""What one partition remembers of its coverages, loaded from `liveline.memory` and changed by committed drafts."""

from datetime import datetime

from streams.dedupe.coverage_memory import CoverageMemory, Seen
from streams.dedupe.draft import Draft
from streams.dedupe.instant import at, span
from streams.dedupe.key import COVERAGE, entry_of, key_of
from streams.dedupe.last_document import LastDocuments
from streams.dedupe.remembered import GONE, HELD, decode, encode, flags, flags_of
from streams.dedupe.texts import Texts
from streams.dedupe.thresholds import Thresholds

__all__ = ["Draft", "Memory"]


class Memory:
    """All that is known of a partition's coverages.

    Records are kept as they came until their coverage is spoken of, so that loading is quick whatever was remembered.
    """

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self.thresholds = thresholds or Thresholds()
        self.texts = Texts()
        self._awake: dict[str, CoverageMemory] = {}
        self._asleep: dict[bytes, dict[bytes, bytes]] = {}
        self._held: dict[str, set[str]] = {}
        self._gone: dict[str, set[str]] = {}
        self.last = LastDocuments()

    def load(self, key: bytes, value: bytes | None) -> None:
        """Take up a record of `liveline.memory`, in the order of the log; None is a tombstone."""
        coverage, _, entry = key.partition(b"\0")
        records = self._asleep.get(coverage)
        if records is None:
            records = self._asleep[coverage] = {}
            if awake := self._awake.pop(coverage.decode(), None):  # spoken of already: back to records
                records.update(_records(awake))
        if value is None:
            records.pop(entry, None)
            self._mark(coverage, entry, 0)
            if not records:
                del self._asleep[coverage]
            return
        records[entry] = value
        if entry and (value[0] or self._held or self._gone):
            self._mark(coverage, entry, flags(value))

    def _mark(self, coverage: bytes, entry: bytes, found: int) -> None:
        for flag, marked in ((HELD, self._held), (GONE, self._gone)):
            if found & flag:
                marked.setdefault(coverage.decode(), set()).add(entry.decode())
            elif marked and (entries := marked.get(coverage.decode())):
                entries.discard(entry.decode())
                if not entries:
                    del marked[coverage.decode()]

    def draft(self, *, explain: bool = False) -> Draft:
        """Return an empty draft over this memory; `explain` keeps the reason of every decision."""
        return Draft(self, explain=explain)

    def apply(self, draft: Draft) -> None:
        """Make a committed draft known."""
        self.last.merge(draft.last)
        for coverage_id in draft.forgotten:
            self._awake.pop(coverage_id, None)
            self._asleep.pop(coverage_id.encode(), None)
            self._held.pop(coverage_id, None)
            self._gone.pop(coverage_id, None)
        for coverage_id, layer in draft.layers.items():
            known = self.coverage(coverage_id)
            known.seen = layer.seen
            coverage = coverage_id.encode()
            for entry in layer.entries.values():
                known.put(entry)
                self._mark(coverage, entry.entry_id.encode(), flags_of(entry))

    def coverage(self, coverage_id: str) -> CoverageMemory:
        """Return what is known of a coverage, decoded; empty when nothing is."""
        awake = self._awake.get(coverage_id)
        if awake is None:
            awake = self._awake[coverage_id] = CoverageMemory()
            records = self._asleep.pop(coverage_id.encode(), {})
            if (seen := records.pop(COVERAGE, None)) is not None:
                awake.seen = Seen.decode(seen)
            awake.wake([decode(entry.decode(), value) for entry, value in records.items()])
        return awake

    def holding(self) -> list[str]:
        """Return the coverages with posts under embargo, in a fixed order."""
        return sorted(self._held)

    def gone(self) -> dict[str, set[str]]:
        """Return retracted entries whose tombstone was not yet written, by coverage."""
        return self._gone

    def quiet(self, now: datetime) -> list[str]:
        """Return the coverages that have had no document for the quiet time and hold nothing for later."""
        before = at(now) - span(self.thresholds.quiet)
        last = {coverage_id: known.seen.last for coverage_id, known in self._awake.items()}
        for coverage, records in self._asleep.items():
            last[coverage.decode()] = Seen.decode(records[COVERAGE]).last if COVERAGE in records else 0
        return sorted(c for c, seen in last.items() if seen < before and c not in self._held)

    def keys(self, coverage_id: str) -> list[bytes]:
        """Return the keys of all records of a coverage."""
        records = self._asleep.get(coverage_id.encode())
        entries = (
            [entry.decode() for entry in records if entry] if records else list(self.coverage(coverage_id).entries)
        )
        return [key_of(coverage_id, ""), *(key_of(coverage_id, entry) for entry in entries)]


def _records(known: CoverageMemory) -> dict[bytes, bytes]:
    found = {entry_of(entry): encode(state) for entry, state in known.entries.items()}
    return {COVERAGE: known.seen.encode(), **found}
