"""Records of several partitions merged by time, each partition's order kept; pure.

Times within a partition are not in order: a document may be pushed late. A record therefore counts as late as the
latest one before it in its partition, so that a partition's records stay as they stand.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime
from math import inf
from typing import Final, Generic, NamedTuple, TypeVar

Item = TypeVar("Item")
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Stamped(NamedTuple, Generic[Item]):
    """A record with its place in the merged order; they compare by it, for no two have the same offset."""

    counts_as: datetime
    """The partition's latest time so far."""
    partition: int
    offset: int
    item: Item


class ByTime(Generic[Item]):
    """Takes each partition's records in their order and gives them back in that of time; ties by partition, offset.

    Many at once: sorting runs that are in order already is quicker than choosing one record after the other.
    """

    def __init__(self, partitions: Iterable[int]) -> None:
        self._held: dict[int, list[Stamped[Item]]] = {partition: [] for partition in partitions}
        self._latest = dict.fromkeys(self._held, _NEVER)
        """Of the partitions that go on: none of their records to come counts as earlier."""

    def see(self, partition: int, time: datetime | None) -> datetime:
        """Take note of a partition's next record, and return as what time it counts; None: as the one before it."""
        latest = self._latest[partition]
        if time is not None and time > latest:
            self._latest[partition] = time
            return time
        return latest

    def add(self, stamped: Stamped[Item]) -> None:
        """Hold a record that has just been seen until its place is certain."""
        self._held[stamped.partition].append(stamped)

    def end(self, partition: int) -> None:
        """Note that nothing more of a partition comes."""
        self._latest.pop(partition, None)

    def awaited(self) -> int | None:
        """Return the partition that the others wait for, or None when all have ended."""
        return min(self._latest, key=lambda partition: (self._latest[partition], partition), default=None)

    def ready(self) -> list[Stamped[Item]]:
        """Return the records whose place is certain, in order."""
        awaited = self.awaited()
        found: list[Stamped[Item]] = []
        runs = 0
        for partition, held in self._held.items():
            # What comes of the awaited partition counts as its latest time or later, and has a higher offset.
            count = len(held) if awaited is None else bisect_right(held, (self._latest[awaited], awaited, inf))
            if count:
                found += held[:count]
                del self._held[partition][:count]
                runs += 1
        if runs > 1:
            found.sort()
        return found
