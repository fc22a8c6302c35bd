"""How many connections a server holds, and how long one may take to say what it wants.

Every connection has a slot. When there are none left, one that has not said what it wants makes room for a new one:
the oldest that never sent a whole head, else the oldest that is kept alive between two requests. So connections that
are held open for nothing never keep others out; what is being answered is never cut for a newcomer.
"""

import asyncio
import time
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import structlog

from streams.runtime.http.client_address import Networks, counted, is_in

_SWEEP_SECONDS: Final = 1.0
_LOG_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """A server's bounds."""

    total: int = 20_000
    per_address: int = 2_000
    head_timeout: float = 10.0
    """Seconds from connecting to the end of the first request's head."""
    stall_timeout: float = 20.0
    """Seconds in which what is waiting for a client must become less at least once."""
    waiting_bytes: int = 256 * 1024 * 1024
    """What may wait for all clients together; those for whom most is waiting are cut first."""
    trusted: Networks = ()
    """Proxies: a connection of theirs is not counted by its address."""


class State(Enum):
    """What a connection is doing."""

    HEAD = auto()
    """It has not sent a whole head yet."""
    BUSY = auto()
    """A request is being answered, or it is a stream."""
    IDLE = auto()
    """It is kept alive after an answer."""


@dataclass(slots=True, eq=False)
class Slot:
    """One connection's place."""

    transport: asyncio.Transport
    peer: str
    address: str | None
    """Under which it is counted; None for a trusted proxy's."""
    since: float
    state: State = State.HEAD
    waiting_bytes: int = 0
    stalled_since: float | None = None


Refuse = Callable[[str, int], None]
"""Counts connections that were refused or cut: the reason, and how many."""


class Connections:
    """All connections of one server; of its event loop alone."""

    def __init__(
        self,
        limits: ConnectionLimits,
        *,
        log: structlog.stdlib.BoundLogger,
        refused: Refuse = lambda _reason, _count: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self._log = log
        self._refused = refused
        self._now = now
        self._slots: dict[Slot, None] = {}
        self._by_address: defaultdict[str, dict[Slot, None]] = defaultdict(dict)
        # Each in the order in which it came into that state, so that the oldest is the first.
        self._evictable: dict[State, OrderedDict[Slot, None]] = {State.HEAD: OrderedDict(), State.IDLE: OrderedDict()}
        self._untold: Counter[str] = Counter()
        self._told_at: float | None = None

    def __len__(self) -> int:
        return len(self._slots)

    def admit(self, transport: asyncio.Transport) -> Slot | str:
        """Return a slot for a new connection, or the reason why there is none: `total` or `address`."""
        peer = str((transport.get_extra_info("peername") or ("",))[0])
        address = None if is_in(peer, self.limits.trusted) else counted(peer)
        full = address is not None and len(self._by_address.get(address, ())) >= self.limits.per_address
        if full and address is not None and not self._make_room(self._by_address[address]):
            self._count("address")
            return "address"
        if len(self._slots) >= self.limits.total and not self._make_room(None):
            self._count("total")
            return "total"
        slot = Slot(transport, peer, address, self._now())
        self._slots[slot] = None
        self._evictable[State.HEAD][slot] = None
        if address is not None:
            self._by_address[address][slot] = None
        return slot

    def move(self, slot: Slot, state: State) -> None:
        """Note what a connection does now."""
        if slot not in self._slots:
            return
        if slot.state in self._evictable:
            self._evictable[slot.state].pop(slot, None)
        slot.state, slot.since = state, self._now()
        if state in self._evictable:
            self._evictable[state][slot] = None

    def count_as(self, slot: Slot, client: str) -> bool:
        """Count a proxy's connection by its client's address; returns whether that one has room."""
        address = counted(client)
        if slot.address is not None or slot not in self._slots:
            return True
        if len(self._by_address.get(address, ())) >= self.limits.per_address:
            self._count("address")
            return False
        slot.address = address
        self._by_address[address][slot] = None
        return True

    def release(self, slot: Slot) -> None:
        """Give a slot back; a second time is no harm."""
        if self._slots.pop(slot, slot) is slot:
            return
        if slot.state in self._evictable:
            self._evictable[slot.state].pop(slot, None)
        if slot.address is not None and (same := self._by_address.get(slot.address)) is not None:
            same.pop(slot, None)
            if not same:
                del self._by_address[slot.address]

    async def run(self) -> None:
        """Cut what takes too long, until cancelled; what was cut since the last log line is told at the end."""
        try:
            while True:
                await asyncio.sleep(_SWEEP_SECONDS)
                self.sweep()
        finally:
            self._told_at = None
            self._tell(self._now())

    def sweep(self) -> None:
        """Cut heads that do not end and answers that nobody reads; say what was cut and refused."""
        now = self._now()
        late = []
        for slot in self._evictable[State.HEAD]:
            if now - slot.since < self.limits.head_timeout:
                break
            late.append(slot)
        for slot in late:
            self._cut(slot, "head_timeout")
        for slot in [slot for slot in self._slots if self._is_stalled(slot, now)]:
            self._cut(slot, "stalled")
        excess = sum(slot.waiting_bytes for slot in self._slots) - self.limits.waiting_bytes
        if excess > 0:
            for slot in sorted(self._slots, key=lambda each: -each.waiting_bytes):
                if excess <= 0:
                    break
                excess -= slot.waiting_bytes
                self._cut(slot, "memory")
        self._tell(now)

    def _is_stalled(self, slot: Slot, now: float) -> bool:
        """Take note of what is waiting, and say whether it has been too long without becoming less.

        That it grows is no sign of a reader: heartbeats are written to everybody.
        """
        waiting, before = slot.transport.get_write_buffer_size(), slot.waiting_bytes
        slot.waiting_bytes = waiting
        if not waiting or waiting < before or slot.stalled_since is None:
            slot.stalled_since = now if waiting else None
            return False
        return now - slot.stalled_since >= self.limits.stall_timeout

    def _make_room(self, among: dict[Slot, None] | None) -> bool:
        for state in (State.HEAD, State.IDLE):
            candidates = self._evictable[state] if among is None else (slot for slot in among if slot.state is state)
            # One that still reads its answer is not idle.
            victim = next((slot for slot in candidates if not slot.transport.get_write_buffer_size()), None)
            if victim is not None:
                self._cut(victim, "evicted")
                return True
        return False

    def _cut(self, slot: Slot, reason: str) -> None:
        self.release(slot)
        slot.transport.abort()
        self._count(reason)

    def _count(self, reason: str) -> None:
        self._untold[reason] += 1
        self._refused(reason, 1)
        self._tell(self._now())

    def _tell(self, now: float) -> None:
        """Log at most one line every ten seconds: an attack must not fill the disk with its own log."""
        if self._untold and (self._told_at is None or now - self._told_at >= _LOG_SECONDS):
            self._log.warning("connections.cut", open=len(self._slots), **self._untold)
            self._untold.clear()
            self._told_at = now
