"""The coverages of one partition: encoded as records until a document of theirs arrives, then as entries."""

from collections.abc import Collection, Generator, Mapping

from streams.dedupe.memory.ages import Ages
from streams.dedupe.memory.coverage import CoverageMemory
from streams.dedupe.memory.coverage_records import keys_of, records_of
from streams.dedupe.memory.coverage_times import CoverageTimes
from streams.dedupe.memory.key import CHUNK, COVERAGE, chunk_of, key_of
from streams.dedupe.memory.last_document import LastDocuments
from streams.dedupe.memory.quiet import forgotten_after, quiet_after
from streams.dedupe.memory.record_version import check_version
from streams.dedupe.memory.remembered import GONE, HELD, decode, flags, flags_of
from streams.dedupe.memory.skeletons import Skeletons
from streams.dedupe.notation.instant import span
from streams.dedupe.same_news.compared_texts import ComparedTexts
from streams.dedupe.thresholds import Thresholds


class Coverages:
    """The memory of a partition's coverages.

    A coverage stays encoded until one of its documents arrives, so that loading is quick however much there is; a
    coverage that has become quiet is encoded again.
    """

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self.thresholds = thresholds or Thresholds()
        self.texts = ComparedTexts()
        self.ages = Ages()
        self._awake: dict[str, CoverageMemory] = {}
        self._asleep: dict[bytes, dict[bytes, bytes]] = {}
        self._held: dict[str, set[str]] = {}
        self._gone: dict[str, set[str]] = {}
        self.last = LastDocuments()

    def load(self, key: bytes, value: bytes | None) -> None:
        """Load a record of `liveline.memory`, in the order of the log; None is a tombstone.

        Raises `NewerMemoryError` when a newer Liveline wrote it.
        """
        if value is not None:
            check_version(value)
        coverage, _, entry = key.rpartition(b"\0")
        records = self._asleep.get(coverage)
        if records is None:
            records = self._asleep[coverage] = {}
            if awake := self._awake.pop(coverage.decode(), None):  # it was decoded already: turn it back into records
                records.update(_records(awake))
        before = records.pop(entry, None)
        if value is not None:
            records[entry] = value
        if entry == COVERAGE:
            if value is not None:
                self.ages.put(coverage.decode(), CoverageTimes.decode(value).clock)
            else:
                self.ages.drop(coverage.decode())
        elif entry.startswith(CHUNK):
            self._mark_chunk(coverage, before, 0)
            self._mark_chunk(coverage, value, GONE)
        elif value is None or flags(value) or self._held or self._gone:
            self._mark(coverage, entry, flags(value) if value else 0)
        if not records:
            del self._asleep[coverage]

    def _mark_chunk(self, coverage: bytes, value: bytes | None, found: int) -> None:
        if value is not None and flags(value):
            for entry_id in Skeletons.decode([value]).gone():
                self._mark(coverage, entry_id.encode(), found)

    def _mark(self, coverage: bytes, entry: bytes, found: int) -> None:
        for flag, marked in ((HELD, self._held), (GONE, self._gone)):
            if found & flag:
                marked.setdefault(coverage.decode(), set()).add(entry.decode())
            elif marked and (entries := marked.get(coverage.decode())):
                entries.discard(entry.decode())
                if not entries:
                    del marked[coverage.decode()]

    def take_up(self, layers: Mapping[str, CoverageMemory], swept: Collection[str]) -> None:
        """Add a committed draft's layers to the memory; the `swept` coverages are encoded again."""
        for coverage_id, layer in layers.items():
            coverage = coverage_id.encode()
            known = self._replace(coverage_id, layer) if layer.replaces else self.coverage(coverage_id)
            known.times = layer.times
            for entry in list(layer.entries.values()):
                if known is not layer:
                    known.put(entry)
                self._mark(coverage, entry.entry_id.encode(), flags_of(entry))
            if known.times.clock:
                self.ages.put(coverage_id, known.times.clock)
            if coverage_id in swept:
                self._asleep[coverage] = _records(self._awake.pop(coverage_id))

    def _replace(self, coverage_id: str, layer: CoverageMemory) -> CoverageMemory:
        """Replace the memory of a coverage."""
        self._held.pop(coverage_id, None)
        self._gone.pop(coverage_id, None)
        for entry_id in layer.skeletons.gone():
            self._mark(coverage_id.encode(), entry_id.encode(), GONE)
        layer.commit()
        self._awake[coverage_id] = layer
        return layer

    def coverage(self, coverage_id: str) -> CoverageMemory:
        """Return a coverage's memory, decoded; an unknown coverage has an empty one."""
        awake = self._awake.get(coverage_id)
        if awake is None:
            awake = self._awake[coverage_id] = CoverageMemory()
            records = self._asleep.pop(coverage_id.encode(), {})
            if (seen := records.pop(COVERAGE, None)) is not None:
                awake.times = CoverageTimes.decode(seen)
            awake.skeletons = Skeletons.decode([records.pop(chunk_of(n)) for n in range(_chunks(records))])
            awake.wake([decode(entry.decode(), value) for entry, value in records.items()])
        return awake

    def holding(self) -> list[str]:
        """Return the coverages with posts under embargo, in a fixed order."""
        return sorted(self._held)

    def gone(self) -> dict[str, set[str]]:
        """Return the retracted entries that still need a tombstone, by coverage."""
        return self._gone

    def quiet(self) -> Generator[str]:
        """Yield the coverages that have been without a document for so long that less of them is kept."""
        return self.ages.due(self._wait)

    def _wait(self, coverage_id: str) -> int | None:
        """Return after how long without a document less of a coverage is kept, or None if it is reduced already."""
        late = span(self.thresholds.late)
        held = len(self._held.get(coverage_id, ()))
        if awake := self._awake.get(coverage_id):
            chunks = awake.skeletons.chunks
            # A decoded coverage is live, unless it only waits for the end of an embargo.
            restless = not held or awake.grown()
        else:
            records = self._asleep.get(coverage_id.encode(), {})
            chunks = _chunks(records)
            restless = len(records) - chunks - (COVERAGE in records) > held
        if restless:
            return quiet_after(self.thresholds) + late
        return forgotten_after(self.thresholds) + late if chunks else None

    def keys(self, coverage_id: str) -> list[bytes]:
        """Return the keys of all records of a coverage."""
        records = self._asleep.get(coverage_id.encode())
        if records is None:
            return list(keys_of(coverage_id, self.coverage(coverage_id)))
        return [key_of(coverage_id, "") + part for part in records]


def _chunks(records: dict[bytes, bytes]) -> int:
    number = 0
    while chunk_of(number) in records:
        number += 1
    return number


def _records(known: CoverageMemory) -> dict[bytes, bytes]:
    return {key.rpartition(b"\0")[2]: value for key, value in records_of("", known)}
