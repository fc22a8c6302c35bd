"""A consumer of the broker in memory, as a partition's owner needs it."""

import asyncio
from collections.abc import Iterable, Sequence

from faust.types import TP

from streams.testing.broker import FakeBroker, FakeRecord


class FakeFeed:
    """Positions of a group's member, read committed."""

    def __init__(self, broker: FakeBroker, group: str) -> None:
        self._broker = broker
        self._group = group
        self._positions: dict[TP, int] = {}
        self._woken = asyncio.Event()

    async def start_offset(self, tp: TP) -> tuple[int, bool]:
        """Return where to go on, and whether that is committed already."""
        committed = self._broker.committed(self._group, tp.topic, tp.partition)
        return committed or 0, committed is not None

    async def seek(self, tp: TP, offset: int) -> None:
        """Fetch from this offset next."""
        self._positions[tp] = offset

    def wake(self) -> None:
        """Look again which partitions want records."""
        self._woken.set()

    async def fetch(self, tps: Iterable[TP]) -> dict[TP, Sequence[FakeRecord]]:
        """Return what has arrived for these partitions."""
        found: dict[TP, Sequence[FakeRecord]] = {}
        for tp in tps:
            records = self._broker.read(tp.topic, tp.partition, self._positions.get(tp, 0))
            if records:
                self._positions[tp] = records[-1].offset + 1
                found[tp] = records
        return found
