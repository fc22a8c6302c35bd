"""The memory of one coverage: its entries, and the indexes that find them.

A draft has a layer of its own over the committed memory; an entry in the layer hides the committed one. In the
committed memory, entries hide the skeletons from before the coverage was last quiet.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import add

from streams.dedupe.memory.coverage_times import CoverageTimes
from streams.dedupe.memory.remembered import Remembered, State
from streams.dedupe.memory.skeletons import Skeletons
from streams.dedupe.memory.term_index import TermIndex
from streams.dedupe.same_news.candidates import COMMON_ENTRIES, Candidates


@dataclass(slots=True)
class CoverageMemory:
    """Entries by id and by what they show; with `below`, a layer over another memory of the same coverage."""

    below: "CoverageMemory | None" = None
    times: CoverageTimes = field(default_factory=CoverageTimes)
    entries: dict[str, Remembered] = field(default_factory=dict)
    skeletons: Skeletons = field(default_factory=Skeletons)
    traits: dict[Hashable, tuple[str, ...]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    index: Candidates = field(default_factory=Candidates)
    terms: TermIndex = field(default_factory=TermIndex)
    near_duplicates: bool = True
    """Whether the coverage wants the same news of other sources recognised."""
    places: int = 0
    """The place of the next entry."""
    drafted: bool = False
    """Whether it belongs to a draft: then changes are noted, so that a failing document can be undone."""
    replaces: bool = False
    """Whether this replaces all that was known of the coverage, instead of adding to it."""
    _journal: dict[str, Remembered | None] = field(default_factory=dict)
    _marked: tuple[CoverageTimes, int] = (CoverageTimes(), 0)

    def layer(self) -> "CoverageMemory":
        """Return an empty layer over this."""
        return CoverageMemory(
            below=self, times=self.times, places=self.places, near_duplicates=self.near_duplicates, drafted=True
        )

    def get(self, entry_id: str) -> Remembered | None:
        """Return an entry, or None."""
        return self.entries.get(entry_id) or (self.below or self.skeletons).get(entry_id)

    def mark(self) -> None:
        """Begin to note what a roll-back has to restore."""
        self._journal = {}
        self._marked = self.times, self.places

    def roll_back(self) -> None:
        """Restore what the memory was at the mark: a document that fails half-way leaves nothing."""
        journal, self._journal = self._journal, {}
        for entry_id, before in journal.items():
            self._drop(entry_id)
            if before:
                self.put(before)
        self.times, self.places = self._marked

    def commit(self) -> None:
        """Turn a draft's layer into committed memory."""
        self.drafted = self.replaces = False
        self.mark()

    def wake(self, known: list[Remembered]) -> None:
        """Load all entries of a coverage at once."""
        self.entries = {entry.entry_id: entry for entry in known}
        self.places = max((entry.place + 1 for entry in known), default=0)
        self.places = max(self.places, self.skeletons.places)
        self.held = {entry.entry_id for entry in known if entry.state is State.HELD}
        for entry in known:
            if entry.appearance is not None:
                self._index(None, entry)
        self._reindex()
        self.terms = TermIndex()
        self.terms.build((entry.entry_id, entry.terms) for entry in known)

    def _drop(self, entry_id: str) -> None:
        known = self.entries.pop(entry_id)
        self.index.put(entry_id, b"")
        self.terms.put(entry_id, known.terms, b"")
        self.terms.show(self._terms_below(entry_id))
        self.held.discard(entry_id)
        self._index(known, None)

    def put(self, known: Remembered) -> None:
        """Store an entry's newest state."""
        before = self.entries.get(known.entry_id)
        if self.drafted:
            self._journal.setdefault(known.entry_id, before)
        self.entries[known.entry_id] = known
        self.places = max(self.places, known.place + 1)
        if known.state is State.HELD:
            self.held.add(known.entry_id)
        elif before is not None:
            self.held.discard(known.entry_id)
        if known.signature != (before.signature if before else b""):
            self.index.put(known.entry_id, known.signature)
            if self.index.dead > len(self.index) + 10_000:
                self._reindex()
        if before is None:
            self.terms.hide(self._terms_below(known.entry_id))
        self.terms.put(known.entry_id, before.terms if before else b"", known.terms)
        if known.appearance is not None or (before is not None and before.appearance is not None):
            self._index(before, known)

    def _terms_below(self, entry_id: str) -> bytes:
        """Return the terms by which the memory below this layer knows an entry."""
        below = self.below.get(entry_id) if self.below else None
        return below.terms if below else b""

    def _reindex(self) -> None:
        self.index = Candidates()
        self.index.build([(known.entry_id, known.signature) for known in self.entries.values()])

    def alike(self, signature: bytes) -> Counter[str]:
        """Return the entries that share keys with a signature, with the number of shared keys."""
        by_key: dict[int, list[str]] = {}
        common: set[int] = set()
        hiding: list[dict[str, Remembered]] = []
        layer: CoverageMemory | None = self
        while layer:
            hidden = _hidden_by(hiding) if hiding else None
            hits, crowded = layer.index.hits(signature, hidden, sum(map(len, hiding)))
            common |= crowded
            for key, owners in hits.items():
                by_key.setdefault(key, []).extend(owners)
            if layer.entries:
                hiding = [*hiding, layer.entries]
            layer = layer.below
        found: Counter[str] = Counter()
        for key, owners in by_key.items():
            if key not in common and len(owners) <= COMMON_ENTRIES:
                found.update(owners)
        return found

    def having(self, term: int) -> list[str]:
        """Return the entries that have a term now."""
        found = self.terms.having(term)
        if self.below is None:
            return found
        return [*found, *(entry for entry in self.below.having(term) if entry not in self.entries)]

    def term_counts(self) -> tuple[int, Callable[[Sequence[int]], list[int]]]:
        """Return how many entries have terms, and a function to the numbers of those that have certain ones."""
        own = self.terms.counts
        if self.below is None:
            return self.terms.entries, own
        entries, below = self.below.term_counts()
        return self.terms.entries + entries, lambda terms: list(map(add, own(terms), below(terms)))

    def _index(self, before: Remembered | None, known: Remembered | None) -> None:
        old, new = _traits(before), _traits(known)
        entry_id = known.entry_id if known else before.entry_id if before else ""
        for trait in old:
            if trait not in new:
                left = tuple(entry for entry in self.traits[trait] if entry != entry_id)
                if left:
                    self.traits[trait] = left
                else:
                    del self.traits[trait]
        for trait in new:
            if trait not in old:
                self.traits[trait] = (*self.traits.get(trait, ()), entry_id)

    def find(self, trait: Hashable) -> Iterator[str]:
        """Return the entries that have a trait now."""
        yield from self.traits.get(trait, ())
        for entry in (self.below or self.skeletons).find(trait):
            if entry not in self.entries:
                yield entry

    def all(self) -> Iterator[Remembered]:
        """Return every entry."""
        for known in self.below.all() if self.below else self.skeletons:
            if known.entry_id not in self.entries:
                yield known
        yield from self.entries.values()

    def standing_of(self, source_id: str) -> Iterator[Remembered]:
        """Return a source's entries that readers see."""
        for known in (self.below or self.skeletons).standing_of(source_id):
            if known.entry_id not in self.entries:
                yield known
        for known in self.entries.values():
            if known.source_id == source_id and known.standing:
                yield known

    def table(self) -> Skeletons:
        """Return the skeletons from before the coverage was last quiet; entries may hide some of them."""
        return self.below.table() if self.below else self.skeletons

    def grown(self) -> bool:
        """Whether it has entries beyond skeletons and posts under embargo."""
        return any(entry.state is not State.HELD for entry in self._changed())

    def _changed(self) -> Iterator[Remembered]:
        for known in self.below._changed() if self.below else ():  # noqa: SLF001  (its own kind)
            if known.entry_id not in self.entries:
                yield known
        yield from self.entries.values()

    def holding(self) -> set[str]:
        """Return the entries that an embargo holds."""
        return self.held | self.below.holding() if self.below else self.held

    def due(self, now: int) -> list[Remembered]:
        """Return entries whose embargo has ended, the earliest first."""
        found = [known for entry in self.holding() if (known := self.get(entry)) and known.state is State.HELD]
        ended = [known for known in found if (known.held_until or 0) <= now]
        return sorted(ended, key=lambda known: (known.held_until, known.place))


def _hidden_by(layers: list[dict[str, Remembered]]) -> Callable[[str], object]:
    """Return a test for entries that a layer above has."""
    if len(layers) == 1:
        return layers[0].get
    return lambda entry: any(entry in layer for layer in layers)


def _traits(known: Remembered | None) -> tuple[Hashable, ...]:
    if known is None or known.appearance is None:
        return ()
    minute, headline, body = known.appearance
    source = known.source_id
    found: list[Hashable] = [(source, known.fingerprint), (source, known.appearance)]
    if minute is not None:
        found.append((source, "minute", minute))
    if body:
        found.append((source, "body", body))
    if headline:
        found.append((source, "headline", headline))
    return tuple(found)
