"""A lease a source in the state database: of several pollers, one polls it, the others stand by."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Self
from uuid import uuid4

import structlog

from streams.archive.state import Lease, Leases, State, StateError, open_state
from streams.background import end_task
from streams.runtime.clock import Clock, system_clock

log = structlog.get_logger("liveline")

_LENGTH: Final = timedelta(seconds=30)
_RENEW_SECONDS: Final = 8.0
"""Three tries within a lease's length."""


@dataclass(slots=True)
class PollLeases:
    """Takes and prolongs the leases of some sources while it is entered, and lets go of them at its end.

    While the database does not answer, all sources are polled: twice is better than not at all, no entry is doubled.
    """

    url: str
    """Of the state database, which all pollers share."""
    sources: Collection[str]
    clock: Clock = system_clock
    monotonic: Callable[[], float] = time.monotonic
    _holder: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}", init=False)
    _until: dict[str, float] = field(default_factory=dict, init=False)
    """When each lease that is held ends, by the monotonic clock."""
    _broken: bool = field(default=False, init=False)
    _state: State | None = field(default=None, init=False)
    _changed: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _task: "asyncio.Task[None] | None" = field(default=None, init=False)

    async def __aenter__(self) -> Self:
        """Take what is free, and go on."""
        await asyncio.to_thread(self.renew)
        self._task = asyncio.create_task(self._run(), name="poll-leases")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let go of all, so that another poller takes over at once."""
        await end_task(self._task)
        await asyncio.to_thread(self.close)

    def share(self, sources: Collection[str]) -> None:
        """Go on with other sources: what is new is taken at once, and what is gone is let go of."""
        self.sources = sources
        self._changed.set()

    def is_mine(self, source_id: str) -> bool:
        """Whether this process has the source's lease, or nobody can say who has."""
        return self._broken or self._until.get(source_id, 0.0) > self.monotonic()

    def renew(self) -> None:
        """Take what is free or over, and prolong what is held."""
        try:
            if self._state is None:
                self._state = open_state(self.url)
            leases, sources = Leases(self._state), sorted(self.sources)
            for source_id in self._until.keys() - set(sources):
                leases.release(Lease(_name(source_id), self._holder))
                del self._until[source_id]
            for source_id in sources:
                self._keep(source_id, leases)
        except StateError as error:
            if not self._broken:
                log.warning("poll.leases_unavailable", error=str(error))
            self._broken = True
        else:
            self._broken = False

    def close(self) -> None:
        """Let go of what is held."""
        if self._state is None:
            return
        try:
            for source_id in self._until:
                Leases(self._state).release(Lease(_name(source_id), self._holder))
        except StateError as error:
            log.warning("poll.leases_not_released", error=str(error))
        self._until.clear()
        self._state.close()
        self._state = None

    def _keep(self, source_id: str, leases: Leases) -> None:
        # By the time before the database is asked: it must not end here later than there.
        until = self.monotonic() + _LENGTH.total_seconds()
        held = source_id in self._until
        if leases.acquire(Lease(_name(source_id), self._holder), self.clock(), _LENGTH):
            self._until[source_id] = until
            if not held:
                log.info("poll.lease_held", source=source_id)
        elif held:
            del self._until[source_id]
            log.warning("poll.lease_lost", source=source_id)

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_RENEW_SECONDS):
                    await self._changed.wait()
            self._changed.clear()
            try:
                await asyncio.to_thread(self.renew)
            except Exception:
                # A bug of ours must not end all polling with the leases.
                log.exception("poll.leases_failed")
                self._broken = True


def _name(source_id: str) -> str:
    return f"poll/{source_id}"
