"""All partitions that this worker owns, as the group assigns and revokes them."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Generic

import structlog
from faust.types import TP

from streams.runtime.partition.owned import Memory, OwnedPartition

log = structlog.get_logger(__name__)


class Ownership(Generic[Memory]):
    """The owned partitions of one topic."""

    def __init__(self, own: Callable[[TP], OwnedPartition[Memory]], agent: str = "entries") -> None:
        self._own = own
        self._agent = agent
        self._partitions: dict[TP, OwnedPartition[Memory]] = {}
        self._stopped = False

    @property
    def partitions(self) -> Mapping[TP, OwnedPartition[Memory]]:
        """What is owned now."""
        return MappingProxyType(self._partitions)

    def wanting(self) -> dict[TP, int]:
        """Return the partitions that want their next batch, each with its epoch."""
        return {tp: owned.epoch for tp, owned in self._partitions.items() if owned.wants_records}

    async def revoke(self, tps: Iterable[TP]) -> None:
        """Bring the work on these to an end, within a bound; the group waits for it."""
        await asyncio.gather(*(self._partitions[tp].revoke() for tp in tps if tp in self._partitions))

    async def assign(self, tps: Iterable[TP], generation: int = 0) -> None:
        """Own these and no others; returns at once, each partition makes itself ready.

        `generation` is the group's: one more with each of its rebalances.
        """
        tps = set(tps)
        log.info(
            "group.rebalanced",
            generation=generation,
            agent=self._agent,
            partitions=sorted(tp.partition for tp in tps),
        )
        await self._own_only(set() if self._stopped else tps)  # a worker that stops may still be assigned something

    async def stop(self) -> None:
        """Finish what is open, let go of all, and own nothing any more."""
        self._stopped = True
        await self.revoke(list(self._partitions))
        await self._own_only(set())

    async def _own_only(self, assigned: set[TP]) -> None:
        gone = [self._partitions.pop(tp) for tp in set(self._partitions) - assigned]
        for tp in assigned - set(self._partitions):
            self._partitions[tp] = self._own(tp)
        for tp in assigned:
            self._partitions[tp].assign()
        await asyncio.gather(*(owned.release() for owned in gone))
