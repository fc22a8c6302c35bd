"""The state database from an event loop: one thread does its work, and outcomes are kept many in a transaction."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ParamSpec, TypeVar

from streams.archive.state import Deliveries, Lease, Outcome, PendingDelivery, State

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class StateQueue:
    """The deliveries of a state database, as long as a lease is held."""

    def __init__(self, state: State, lease: Lease) -> None:
        self._state = state
        self._lease = lease
        self._deliveries = Deliveries(state)
        self._thread = ThreadPoolExecutor(1, "state")
        self._outcomes: list[tuple[str, Outcome, asyncio.Future[None]]] = []
        self._some = asyncio.Event()

    async def call(
        self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Do something in the database's thread."""
        return await asyncio.wrap_future(self._thread.submit(work, *args, **kwargs))

    async def due(self, webhook_id: str, now: datetime, limit: int, without: frozenset[int]) -> list[PendingDelivery]:
        """Return the deliveries that are due and not under way."""
        return await self.call(self._deliveries.due, webhook_id, now, limit, without)

    async def next_at(self, webhook_id: str, without: frozenset[int]) -> datetime | None:
        """Return when something is due next."""
        return await self.call(self._deliveries.next_at, webhook_id, without)

    async def pending(self, webhook_id: str) -> int:
        """Return how much waits."""
        return await self.call(self._deliveries.pending, webhook_id)

    async def record(self, webhook_id: str, outcome: Outcome) -> None:
        """Keep what became of an attempt; returns when it is kept."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._outcomes.append((webhook_id, outcome, kept))
        self._some.set()
        await kept

    async def run(self) -> None:
        """Keep outcomes as they come: what came during one transaction goes into the next, all together."""
        while True:
            await self._some.wait()
            self._some.clear()
            batch, self._outcomes = self._outcomes, []
            # A crash before this: what was sent is sent again, under the same id.
            await self.call(self._keep, batch)
            for _, _, kept in batch:
                if not kept.done():
                    kept.set_result(None)

    def _keep(self, batch: list[tuple[str, Outcome, asyncio.Future[None]]]) -> None:
        with self._state.write() as connection:
            self._lease.need(connection)
            Deliveries.record(connection, {outcome.seq: (webhook_id, outcome) for webhook_id, outcome, _ in batch})

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=True)
