"""Limits the requests to one host at a time, and pauses between two of them, however many sources it has."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

_MANY: Final = 1000


@dataclass(slots=True)
class _Host:
    free: asyncio.Semaphore
    next_start: float = 0.0
    waiting: int = 0
    """Who has a turn or waits for one."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """Each host's turns; a host gets an entry when a source, a redirect or a hub names it."""

    connections: int = 1
    gap: float = 1.0
    """Seconds between the end of a request and the next one's start."""
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _hosts: dict[str, _Host] = field(default_factory=dict)

    def _forget(self) -> None:
        """Drop hosts that nobody has to wait for, when there are many: a redirect can name a new one each time."""
        if len(self._hosts) >= _MANY:
            now = self.now()
            for host in [host for host, at in self._hosts.items() if not at.waiting and at.next_start <= now]:
                del self._hosts[host]

    @asynccontextmanager
    async def turn(self, host: str, *, follows: bool = False) -> AsyncIterator[None]:
        """Wait for a turn at a host; a request that follows a redirect needs no pause."""
        at = self._hosts.get(host)
        if at is None:
            self._forget()
            at = self._hosts[host] = _Host(asyncio.Semaphore(self.connections))
        at.waiting += 1
        try:
            async with at.free:
                if not follows and (wait := at.next_start - self.now()) > 0:
                    await self.sleep(wait)
                try:
                    yield
                finally:
                    at.next_start = self.now() + self.gap
        finally:
            at.waiting -= 1
