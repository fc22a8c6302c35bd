"""What the log says: which revisions are due to a filter, and its state in the end."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway_harness import partition_of

from schemas import Entry
from streams.archive import Due, Revision, due
from streams.archive.due import Past, and_then
from streams.archive.facets import Facets
from streams.gateway.delivery.filters import Filter

PARTITIONS = 3


@dataclass
class Reference:
    """All that was published, in its order."""

    seeds: Sequence[Entry]
    """Published before anybody subscribed."""
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    floor: dict[int, int] = field(default_factory=dict)
    """Where the archive's history began after it was pruned."""
    forgotten: set[str] = field(default_factory=set)
    """Entries that were pruned: who was there has them, who was told `incomplete` has not."""
    _log: list[Revision] = field(default_factory=list)
    _past: dict[str, Past | None] = field(default_factory=dict)
    _newest: dict[str, Facets] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.add(self.seeds)
        self._log.clear()

    def add(self, entries: Sequence[Entry], *, forgotten: bool = False) -> None:
        """Take up what was committed."""
        for entry in entries:
            facets = Facets.of(entry.to_dict())
            past = self._past.get(entry.entry_id)
            partition = partition_of(entry, PARTITIONS)
            self._log.append(Revision(partition, 0, 0, entry.entry_id, entry.revision, b"", facets, past))
            self._past[entry.entry_id] = and_then(past, facets)
            self._newest[entry.entry_id] = facets
            self._numbers[entry.entry_id] = entry.revision
            if forgotten:
                self.forgotten.add(entry.entry_id)

    def due(self, wanted: Filter) -> list[tuple[str, int]]:
        """Return the revisions that are due to a subscriber from before the first, in order."""
        return [(each.entry_id, each.revision) for each in self._log if due(wanted, each) is not Due.NOT]

    def state(self, wanted: Filter) -> dict[str, int]:
        """Return the entries that stand and fit, with their newest revision; without those that were pruned."""
        return {
            entry_id: self._numbers[entry_id]
            for entry_id, facets in self._newest.items()
            if not facets.gone and wanted.fits(facets) and entry_id not in self.forgotten
        }
