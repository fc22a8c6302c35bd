"""The newest revisions in memory, bounded by count and bytes: what a client missed that was away for a moment."""

from collections import deque
from collections.abc import Mapping

from streams.archive import Revision


class Window:
    """Revisions in the order in which they were read."""

    def __init__(self, position: Mapping[int, int], *, max_count: int, max_bytes: int) -> None:
        """Begin empty at a position."""
        self._max_count = max_count
        self._max_bytes = max_bytes
        self._revisions: deque[Revision] = deque()
        self._bytes = 0
        # What stands before these offsets is not here.
        self._floor = dict(position)
        self._end = dict(position)

    def add(self, revision: Revision) -> None:
        """Take up the next revision and forget the oldest beyond the bounds."""
        self._revisions.append(revision)
        self._end[revision.partition] = revision.offset + 1
        self._bytes += len(revision.value)
        while len(self._revisions) > self._max_count or self._bytes > self._max_bytes:
            oldest = self._revisions.popleft()
            self._bytes -= len(oldest.value)
            self._floor[oldest.partition] = oldest.offset + 1

    def after(self, position: Mapping[int, int]) -> list[Revision] | None:
        """Return what follows a position, or None when a part of it is no longer here."""
        if any(position.get(partition, 0) < floor for partition, floor in self._floor.items()):
            return None
        missed: list[Revision] = []
        # Newest first, until each partition's place is found: usually the last few are all that is needed.
        sought = {partition for partition, end in self._end.items() if position.get(partition, 0) < end}
        for revision in reversed(self._revisions):
            if not sought:
                break
            if revision.offset >= position.get(revision.partition, 0):
                missed.append(revision)
            else:
                sought.discard(revision.partition)
        missed.reverse()
        return missed
