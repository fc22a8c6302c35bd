"""One stream's connection: the transport itself, without a task, a queue or a request in between.

aiohttp reads the request and decides; then the connection is taken over from it. What remains is this object and the
transport.
"""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from aiohttp import web

from streams.archive import Wanted
from streams.gateway.delivery.access import Access, allows_alert
from streams.gateway.delivery.transport import Subscriber, Transport
from streams.gateway.transports.room import CATCHING_UP_BYTES, Room
from streams.gateway.transports.sse.encoder import HEARTBEAT, SseEncoder, encode_expired
from streams.gateway.transports.takeover import take_over

_ENCODER: Final = SseEncoder()


class Teller(Protocol):
    """Writes to the connection and is told when it ends: the hub, or the alerts' feed."""

    @property
    def connected(self) -> set[Transport]:
        """All connections, whether live or catching up."""
        ...

    def leave(self, subscriber: Subscriber, /) -> None:
        """Deliver nothing more to this subscriber."""
        ...


class SseConnection(asyncio.Protocol):
    """Writes events until the client leaves or falls behind."""

    __slots__ = (
        "_access",
        "_backlog",
        "_expiry",
        "_release",
        "_room",
        "_teller",
        "_transport",
        "alerts",
        "paused",
        "wanted",
    )
    encoder: Final = _ENCODER

    def __init__(self, teller: Teller, wanted: Wanted, access: Access, *, backlog: int, alerts: bool = False) -> None:
        self.wanted = wanted
        self.alerts = alerts
        # An attribute, not a property: the hub looks at it for each subscriber and event.
        self.paused = False
        self._access = access
        self._teller = teller
        self._backlog = backlog
        self._release: Callable[[], None] | None = None
        self._transport: asyncio.Transport | None = None
        self._room = Room()
        self._expiry: asyncio.TimerHandle | None = None

    def take_over(self, request: web.Request, release: Callable[[], None]) -> None:
        """Take the connection from aiohttp, which forgets it; `release` is called at its end."""
        self._transport = take_over(request, self)
        self._release = release
        self._transport.set_write_buffer_limits(high=CATCHING_UP_BYTES)
        self._teller.connected.add(self)

    def ends_in(self, seconds: float) -> None:
        """End the stream with its token."""
        self._expiry = asyncio.get_running_loop().call_later(max(0.0, seconds), self._expire)

    def live(self) -> None:
        """Allow the whole backlog from here on."""
        if self._transport is not None:
            self._transport.set_write_buffer_limits(high=self._backlog)

    def may_be_told_of(self, coverage: str) -> bool:
        """Whether an alert of this coverage is wanted and may be read."""
        return allows_alert(self.wanted, self._access, coverage)

    @property
    def open(self) -> bool:
        """Whether the client is still there."""
        return self._transport is not None and not self._transport.is_closing()

    def write(self, data: bytes) -> None:
        """Hand bytes to the transport; never waits."""
        if self._transport is not None:
            self._transport.write(data)

    async def room(self) -> bool:
        """Wait until the client has read, and return whether that took a turn of the loop."""
        if not (self.paused and self.open):
            return False
        await self._room.wait()
        return True

    def beat(self) -> None:
        """Write a heartbeat."""
        if not self.paused:
            self.write(HEARTBEAT)

    def drop(self) -> None:
        """End the connection at once, with what is still waiting; the client resumes from what it has read."""
        if self._transport is not None:
            self._transport.abort()

    def go_away(self) -> None:
        """End the connection once all is written; an EventSource comes back by itself."""
        if self._transport is not None:
            self._transport.close()

    def pause_writing(self) -> None:
        """Note that more waits than may."""
        self.paused = True

    def resume_writing(self) -> None:
        """Note that there is room again."""
        self.paused = False
        self._room.wake()

    def data_received(self, data: bytes) -> None:
        """Ignore what a client sends after its request; there is nothing more to say on this connection."""

    def eof_received(self) -> bool:
        """End the connection: a client that sends no more does not read either."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncio's own)
        """Tell the hub."""
        self._transport = None
        self._room.wake()
        if self._expiry is not None:
            self._expiry.cancel()
        self._teller.leave(self)
        self._teller.connected.discard(self)
        if self._release is not None:
            self._release()

    def _expire(self) -> None:
        self._teller.leave(self)
        self.write(encode_expired())
        self.go_away()
