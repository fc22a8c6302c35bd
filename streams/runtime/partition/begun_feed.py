"""A feed of which a reader is not concerned with the beginning: another generation has told what stands there."""

from collections.abc import Mapping
from dataclasses import dataclass

from faust.types import TP

from streams.runtime.kafka.reads import Progress
from streams.runtime.partition.owned import Feed, Start


@dataclass(frozen=True, slots=True)
class BegunFeed:
    """Another feed from given offsets on."""

    feed: Feed
    begins: Mapping[int, int]
    """By partition."""

    async def start_offset(self, tp: TP) -> Start:
        """Return where the partition begins; what was committed before that counts as never committed."""
        start, begin = await self.feed.start_offset(tp), self.begins.get(tp.partition, 0)
        if start.committed is not None and start.committed >= begin:
            return start
        return Start(max(start.beginning, begin), None)

    async def seek(self, tp: TP, offset: int) -> None:
        """Fetch from this offset next."""
        await self.feed.seek(tp, offset)

    def wake(self) -> None:
        """Look again which partitions want records."""
        self.feed.wake()

    async def progress(self, tp: TP) -> Progress | None:
        """Return how far the partition is read, or None before its first fetch."""
        return await self.feed.progress(tp)
