"""A WebSocket's connection: the transport itself, what the client sends as texts, and how it ends."""

import asyncio
import random
from collections.abc import Callable
from typing import Final, Protocol

from aiohttp import web

from streams.gateway.transports.room import CATCHING_UP_BYTES, Room
from streams.gateway.transports.takeover import early_bytes, take_over
from streams.gateway.transports.websocket.frames import PING, Close, message
from streams.gateway.transports.websocket.inbound import Answer, End, Inbound, Text

_LINGER_SECONDS: Final = 5.0
"""How long a client has to read what was written before the close, and to answer it."""
_CATCHING_UP: Final = 4
"""Subscriptions that catch up at once; each holds a page of the archive, and the others wait for their turn."""
_SPREAD: Final = 0.5
"""Clients that are sent away come back spread by so much of the time around it."""


class Session(Protocol):
    """Receives what the client sends."""

    def receive(self, text: str) -> None:
        """Take a whole message."""
        ...

    def ended(self) -> None:
        """Let go of everything: nothing is written any more."""
        ...


class WebSocketConnection(asyncio.Protocol):
    """Reads messages, and writes frames until the client leaves, falls behind or does what it must not."""

    __slots__ = (
        "_backlog", "_closing", "_dropped", "_inbound", "_lingering", "_patience", "_release", "_retry_ms", "_room",
        "_session", "_transport", "_unread", "catching_up",
    )  # fmt: skip

    def __init__(self, *, backlog: int, patience: float, retry_ms: int, dropped: Callable[[], None]) -> None:
        """Count by `dropped` a client that stalls or asks without reading; the hub counts those that it finds."""
        self._dropped = dropped
        self._backlog = backlog
        self._patience = patience
        self._retry_ms = retry_ms
        self._transport: asyncio.Transport | None = None
        self._session: Session | None = None
        self._release: Callable[[], None] = lambda: None
        self._inbound = Inbound(asyncio.get_running_loop().time())
        self._room = Room()
        self.catching_up = asyncio.Semaphore(_CATCHING_UP)
        self._unread = False  # more waits than may while it catches up
        self._closing = False
        self._lingering: asyncio.TimerHandle | None = None

    def take_over(self, request: web.Request, answer: bytes, session: Session, release: Callable[[], None]) -> None:
        """Take the connection from aiohttp and answer its handshake; `release` is called at its end."""
        self._session = session
        early = early_bytes(request)
        self._transport = take_over(request, self)
        self._release = release
        self._transport.set_write_buffer_limits(high=CATCHING_UP_BYTES)
        self._transport.write(answer)
        if early:
            self._transport.resume_reading()  # aiohttp may have paused it
            asyncio.get_running_loop().call_soon(self.data_received, early)

    @property
    def attached(self) -> bool:
        """Whether there still is a transport, if only to read the close."""
        return self._transport is not None

    @property
    def open(self) -> bool:
        """Whether anything can be written."""
        return not self._closing and self._transport is not None and not self._transport.is_closing()

    @property
    def paused(self) -> bool:
        """More than the backlog is waiting to be read."""
        return self._transport is not None and not self._closing and self._waiting() > self._backlog

    def write(self, frames: bytes) -> None:
        """Hand frames to the transport; never waits."""
        if not self._closing and self._transport is not None:
            self._transport.write(frames)

    def answer(self, frame: bytes) -> None:
        """Write an answer; a client that asks and never reads is dropped."""
        self.write(frame)
        if self.paused:
            self._dropped()
            self.drop()

    async def room(self) -> bool:
        """Wait until the client has read, and return whether that took a turn of the loop; drop it if it never does."""
        waited = False
        while self._unread and self.open:
            before, waited = self._waiting(), True
            try:
                async with asyncio.timeout(self._patience):
                    await self._room.wait()
            except TimeoutError:
                if self.open and self._waiting() >= before:
                    self._dropped()
                    self.drop()
        return waited

    def beat(self) -> None:
        """Send a ping; the client's answer shows that it lives."""
        if not self._unread:
            self.write(PING)

    def drop(self) -> None:
        """Close: it is too slow. One that is closed already, and does not end, is cut off."""
        if self._closing and self._transport is not None:
            self._transport.abort()
        self.close(Close.TOO_SLOW, "too slow; resume with the last cursor")

    def go_away(self) -> None:
        """Close, and say when to come back: each client at another time."""
        after = self._retry_ms * random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311
        self.write(message("reconnect", after_ms=round(after)))
        self.close(Close.GOING_AWAY, "going away")

    def close(self, code: int, reason: str) -> None:
        """Write a close frame after what waits, and end when the client has answered it or has had the time."""
        if self._closing or self._transport is None:
            return
        self._transport.write(self._inbound.close(code, reason))
        self._closing = True
        self._lingering = asyncio.get_running_loop().call_later(_LINGER_SECONDS, self._cut_off)
        self._room.wake()
        if self._session is not None:
            self._session.ended()

    def pause_writing(self) -> None:
        """Note that more waits than may while it catches up."""
        self._unread = True

    def resume_writing(self) -> None:
        """Note that there is room again."""
        self._unread = False
        self._room.wake()

    def data_received(self, data: bytes) -> None:
        """Take what the client sends; after the close only its answer counts."""
        for found in self._inbound.feed(data, asyncio.get_running_loop().time()):
            match found:
                case Text(text) if self._session is not None and not self._closing:
                    self._session.receive(text)
                case Answer(frame):
                    self.answer(frame)
                case End(code, reason, by_client):
                    self.close(code, reason)
                    if by_client and self._transport is not None:
                        self._transport.close()

    def eof_received(self) -> bool:
        """End the connection."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncio's own)
        """Be gone."""
        if self._lingering is not None:
            self._lingering.cancel()
        self._transport = None
        self._room.wake()
        if self._session is not None:
            self._session.ended()
        self._session = None
        self._release()

    def _cut_off(self) -> None:
        if self._transport is not None:
            # What is read needs no reset, which could take the close frame from the client.
            (self._transport.abort if self._waiting() else self._transport.close)()

    def _waiting(self) -> int:
        return self._transport.get_write_buffer_size() if self._transport is not None else 0
