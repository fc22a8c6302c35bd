"""A consumer of the broker in memory, as a partition's owner needs it."""

import asyncio
from collections.abc import Iterable
from typing import Any, cast

from faust.types import TP

from streams.runtime.kafka.reads import Progress, Read
from streams.runtime.partition.owned import Start
from streams.testing.broker import FakeBroker


class FakeFeed:
    """Positions of a group's member, read committed."""

    def __init__(self, broker: FakeBroker, group: str) -> None:
        self._broker = broker
        self._group = group
        self._positions: dict[TP, int] = {}
        self._woken = asyncio.Event()

    async def start_offset(self, tp: TP) -> Start:
        """Return where the partition begins and what is committed of it."""
        beginning = self._broker.beginning(tp.topic, tp.partition)
        return Start(beginning, self._broker.committed(self._group, tp.topic, tp.partition))

    async def seek(self, tp: TP, offset: int) -> None:
        """Fetch from this offset next."""
        self._positions[tp] = offset

    def wake(self) -> None:
        """Look again which partitions want records."""
        self._woken.set()

    async def progress(self, tp: TP) -> Progress | None:
        """Return how far the partition is read."""
        if (position := self._positions.get(tp)) is None:
            return None
        unread = self._broker.read(tp.topic, tp.partition, position)
        return Progress(position, position, unread[-1].offset + 1 if unread else position)

    async def fetch(self, tps: Iterable[TP]) -> list[Read]:
        """Return what has arrived for these partitions."""
        reads = []
        for tp in tps:
            start = max(self._positions.get(tp, 0), self._broker.beginning(tp.topic, tp.partition))
            if records := self._broker.read(tp.topic, tp.partition, start):
                self._positions[tp] = end = records[-1].offset + 1
                reads.append(Read(tp, start, end, cast("Any", records)))
        return reads
