"""One subscriber's connection: the transport itself, without a task, a queue or a request in between.

aiohttp reads the request and decides; then the connection is taken over from it, and with it goes all that aiohttp
keeps for a request. What remains is this object and the transport.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from aiohttp import web

from streams.gateway.delivery.filters import Filter

_CATCHING_UP_BYTES: Final = 64 * 1024


class Subscriber(asyncio.Protocol):
    """Writes events until the client leaves or falls behind."""

    __slots__ = ("_backlog", "_left", "_release", "_room", "_transport", "filter", "paused")

    def __init__(self, wanted: Filter, backlog: int, left: Callable[["Subscriber"], None]) -> None:
        self.filter = wanted
        self.paused = False
        """More than the backlog is waiting to be read."""
        self._backlog = backlog
        self._left = left
        self._release: Callable[[], None] = lambda: None
        self._transport: asyncio.Transport | None = None
        self._room: asyncio.Future[None] | None = None

    def take_over(self, request: web.Request, release: Callable[[], None] = lambda: None) -> None:
        """Take the connection from aiohttp, which forgets it; `release` is called at its end."""
        protocol, transport = request.protocol, request.transport
        if transport is None:
            raise ConnectionResetError("the client left")
        self._transport = transport
        self._release = release
        # What is missed waits in memory in small pieces only, however many catch up at once.
        transport.set_write_buffer_limits(high=_CATCHING_UP_BYTES)
        transport.set_protocol(self)
        # As if the client had gone, without the transport, which would be closed.
        protocol.transport = None
        protocol.connection_lost(None)

    def at_end(self, call: Callable[[], None]) -> None:
        """Call something when the connection has ended, too."""
        before = self._release

        def both() -> None:
            call()
            before()

        self._release = both

    def live(self) -> None:
        """Allow the whole backlog from here on: what is live does not wait for the client."""
        if self._transport is not None:
            self._transport.set_write_buffer_limits(high=self._backlog)

    @property
    def open(self) -> bool:
        """Whether the client is still there."""
        return self._transport is not None and not self._transport.is_closing()

    def write(self, data: bytes) -> None:
        """Hand bytes to the transport, unless the connection is ending; never waits."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def drop(self) -> None:
        """End the connection at once, with what is still waiting; the client resumes from what it has read."""
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """End the connection once all is written."""
        if self._transport is not None:
            self._transport.close()

    async def room(self) -> bool:
        """Wait until the client has read, and return whether that took a turn of the loop.

        Only while it catches up: what is live does not wait.
        """
        if not (self.paused and self.open):
            return False
        self._room = asyncio.get_running_loop().create_future()
        await self._room
        return True

    def pause_writing(self) -> None:
        """Note that more than the backlog waits."""
        self.paused = True

    def resume_writing(self) -> None:
        """Note that there is room again."""
        self.paused = False
        self._wake()

    def data_received(self, data: bytes) -> None:
        """Ignore what a client sends after its request; there is nothing more to say on this connection."""

    def eof_received(self) -> bool:
        """End the connection: a client that sends no more does not read either."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncio's own)
        """Tell the hub."""
        self._transport = None
        self._wake()
        self._left(self)
        self._release()

    def _wake(self) -> None:
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None
