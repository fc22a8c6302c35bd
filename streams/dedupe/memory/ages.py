"""The coverages that have been quiet for long, found without a look at each of them."""

from collections.abc import Callable, Generator
from heapq import heappop, heappush


class Ages:
    """Coverages in the order in which they are to be looked at; times are the partition's documents' own."""

    def __init__(self) -> None:
        self.clock = 0
        """The newest time at which any coverage was seen."""
        self._seen: dict[str, int] = {}
        self._queue: list[tuple[int, str]] = []
        self._queued: set[str] = set()

    def put(self, coverage_id: str, clock: int) -> None:
        """Note that a coverage was seen when the partition's newest document was of that time."""
        self._seen[coverage_id] = clock
        self.clock = max(self.clock, clock)
        if coverage_id not in self._queued:
            self._queued.add(coverage_id)
            heappush(self._queue, (clock, coverage_id))

    def drop(self, coverage_id: str) -> None:
        """Forget a coverage altogether."""
        self._seen.pop(coverage_id, None)

    def due(self, wait: Callable[[str], int | None]) -> Generator[str]:
        """Yield the coverages without a document for longer than `wait` says; None removes one until its next document.

        Each coverage is looked at once when it is seen first, and then once a wait, however often it is seen.
        """
        due = []
        try:
            while self._queue and self._queue[0][0] < self.clock:
                _, coverage_id = heappop(self._queue)
                length = wait(coverage_id) if coverage_id in self._seen else None
                if length is None:
                    self._queued.discard(coverage_id)
                    continue
                end = self._seen[coverage_id] + length
                if end < self.clock:
                    due.append((end, coverage_id))
                    yield coverage_id
                else:
                    heappush(self._queue, (end, coverage_id))
        finally:  # a draft may be dropped: what is due stays due until a commit says otherwise
            for item in due:
                heappush(self._queue, item)
