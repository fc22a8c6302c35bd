"""Subscribers over each transport, for tests that say the same of both."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp
import orjson

from streams.client.sse import SseDecoder, read_events

_OURS = ("liveline.v1",)


@dataclass(frozen=True)
class Told:
    """What a subscriber was told, in the words of neither transport."""

    kind: str
    """`entry`, `left`, `incomplete`, `live`, `reconnect`."""
    cursor: str = ""
    value: bytes = b""
    """An entry's bytes as they came."""

    @property
    def revision(self) -> tuple[str, int]:
        """Which revision an entry is."""
        entry = orjson.loads(self.value)
        return entry["entry_id"], entry["revision"]


class Client(Protocol):
    """A transport's client."""

    name: str

    def follow(self, url: str, **start: Any) -> Any:
        """Open a subscription and hand over what it is told."""
        ...


class SseClient:
    """`GET /v1/stream`."""

    name = "sse"

    @asynccontextmanager
    async def follow(self, url: str, **start: Any) -> AsyncIterator[AsyncGenerator[Told, None]]:
        """`start` has the filters, `cursor`, `since`, `replay` and `limit`."""
        cursor = start.pop("cursor", None)
        query = urlencode({each: _query(value) for each, value in start.items()})
        async with (
            aiohttp.ClientSession() as session,
            session.get(
                f"{url}/v1/stream?{query}",
                headers={"Last-Event-ID": cursor} if cursor else {},
                timeout=aiohttp.ClientTimeout(total=None),
            ) as response,
        ):
            assert response.status == 200, await response.text()
            yield self._told(response)

    async def _told(self, response: aiohttp.ClientResponse) -> AsyncGenerator[Told, None]:
        decoder = SseDecoder()
        async for event in read_events(response, decoder):
            kind = "left" if event.event == "entry-left" else event.event
            yield Told(kind, event.id, event.data.encode() if kind in ("entry", "left") else b"")


class WebSocketClient:
    """`GET /v1/ws`."""

    name = "websocket"

    @asynccontextmanager
    async def follow(self, url: str, **start: Any) -> AsyncIterator[AsyncGenerator[Told, None]]:
        """As `SseClient`."""
        own = {each: start.pop(each) for each in ("cursor", "since", "replay", "limit") if each in start}
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{url}/v1/ws", protocols=_OURS, max_msg_size=0) as socket,
        ):
            await socket.send_json({"type": "subscribe", "id": 1, "subscription": "a", "filter": start, **own})
            yield self._told(socket)

    async def _told(self, socket: aiohttp.ClientWebSocketResponse) -> AsyncGenerator[Told, None]:
        cursor = ""
        async for message in socket:
            told = orjson.loads(message.data)
            cursor = told.get("cursor", cursor)
            match told["type"]:
                case "entry":
                    value = message.data.partition(',"entry":')[2][:-1].encode()
                    yield Told("entry" if told.get("matches", True) else "left", cursor, value)
                case "incomplete" | "live" | "reconnect":
                    yield Told(told["type"], cursor)
                case "error":
                    raise AssertionError(told)


CLIENTS: tuple[Client, ...] = (SseClient(), WebSocketClient())


async def told_until(stream: AsyncGenerator[Told, None], kind: str, seconds: float = 30) -> list[Told]:
    """Return what is told up to the first of a kind."""
    told = []
    async with asyncio.timeout(seconds):
        async for each in stream:
            told.append(each)
            if each.kind == kind:
                return told
    raise AssertionError(f"ended before {kind!r}: {told}")


async def next_entries(stream: AsyncGenerator[Told, None], count: int, seconds: float = 30) -> list[Told]:
    """Return the next entries, those that left included."""
    found: list[Told] = []
    async with asyncio.timeout(seconds):
        while len(found) < count:
            each = await anext(stream)
            if each.value:
                found.append(each)
    return found


def entries(told: list[Told]) -> list[tuple[str, int]]:
    """Return the revisions among what was told."""
    return [each.revision for each in told if each.value]


def _query(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else str(value)
