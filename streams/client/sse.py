"""A subscriber in Python: server-sent events, and a stream that goes on where it was cut off.

async for event in subscribe("https://news.example/v1/coverages/harbour-fire/stream"):
    if event.event == "entry":
        print(Entry.from_json(event.data).headline)
"""

import asyncio
import random
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import aiohttp

from streams.exceptions import LivelineError

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_BOM: Final = b"\xef\xbb\xbf"
_CONNECT_SECONDS: Final = 10.0
_SILENCE_SECONDS: Final = 60.0
"""A gateway sends heartbeats; a connection without any is dead, whatever TCP believes."""
_LONGEST_WAIT_SECONDS: Final = 60.0


class StreamRefusedError(LivelineError):
    """The gateway does not give this stream, and won't if it is asked again; the message is its answer."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event as a browser has it."""

    event: str
    """Its name, `message` without one."""
    data: str
    id: str
    """The newest cursor when it came; empty before the first."""


class SseDecoder:
    """Makes bytes, cut anywhere, into events (WHATWG HTML, 9.2.6)."""

    def __init__(self, last_event_id: str = "") -> None:
        self.last_event_id = last_event_id
        """The cursor of the newest whole event, also of one without data, which is not shown. What was cut off half-way
        comes again after it."""
        self.retry_ms: int | None = None
        """What the server wants a client to wait before it connects again."""
        self._buffer = bytearray()
        self._begun = False
        self._id = last_event_id
        self._name = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """Take bytes and yield the events that they complete; what is begun waits for more."""
        looked = max(0, len(self._buffer) - 1)
        self._buffer += chunk
        if not self._begun:
            if len(self._buffer) < len(_BOM) and _BOM.startswith(self._buffer):
                return
            self._begun = True
            if self._buffer.startswith(_BOM):
                del self._buffer[: len(_BOM)]
                looked = 0
        start = 0
        lines = []
        for end in _LINE_END.finditer(self._buffer, looked):
            if end.group() == b"\r" and end.end() == len(self._buffer):
                break  # a LF may follow
            lines.append(bytes(self._buffer[start : end.start()]))
            start = end.end()
        del self._buffer[:start]
        for line in lines:
            if (event := self._take(line)) is not None:
                yield event

    def _take(self, line: bytes) -> Event | None:
        if not line:
            self.last_event_id = self._id
            name, data = self._name or "message", self._data
            self._name, self._data = "", []
            return Event(name, "\n".join(data), self.last_event_id) if data else None
        field, _, raw = line.partition(b":")
        value = raw.removeprefix(b" ").decode("utf-8", "replace")
        match field:
            case b"event":
                self._name = value
            case b"data":
                self._data.append(value)
            case b"id" if "\0" not in value:
                self._id = value
            case b"retry" if value.isascii() and value.isdecimal():
                self.retry_ms = int(value)
        return None


async def read_events(
    response: aiohttp.ClientResponse, decoder: SseDecoder | None = None
) -> AsyncGenerator[Event, None]:
    """Yield an answer's events until it ends; `decoder` holds the newest cursor."""
    decoder = decoder or SseDecoder()
    async for chunk in response.content.iter_any():
        for event in decoder.feed(chunk):
            yield event


async def subscribe(
    url: str,
    *,
    session: aiohttp.ClientSession | None = None,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    cursor: str = "",
    wait: float = 2.0,
) -> AsyncGenerator[Event, None]:
    """Yield a stream's events, over as many connections as it takes: each goes on after the last one's cursor.

    `wait` seconds lie between two connections unless the server says otherwise; they grow while it does not answer.
    Raises `StreamRefusedError` where asking again is of no use (an unknown coverage, a wrong filter, no right to it).
    """
    decoder, failures = SseDecoder(cursor), 0
    async with _session(session) as used:
        while True:
            after: float | None = None
            try:
                sent = {"Accept": "text/event-stream", **(headers or {})}
                if decoder.last_event_id:
                    sent["Last-Event-ID"] = decoder.last_event_id
                async with used.get(url, params=params, headers=sent, timeout=_TIMEOUT) as response:
                    if response.status == HTTPStatus.NO_CONTENT:
                        return
                    after = await _check(response)
                    if after is None:
                        failures = 0
                        async for event in read_events(response, decoder):
                            yield event
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            failures += 1
            wait = decoder.retry_ms / 1000 if decoder.retry_ms is not None else wait
            decoder = SseDecoder(decoder.last_event_id)
            await asyncio.sleep(after if after is not None else _pause(wait, failures))


_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS, sock_read=_SILENCE_SECONDS)


async def _check(response: aiohttp.ClientResponse) -> float | None:
    """Return how long to wait where the server wants that, None for a stream; raises for what won't become one."""
    status = response.status
    if status == HTTPStatus.OK and response.content_type == "text/event-stream":
        return None
    if (
        status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        wanted = response.headers.get("Retry-After", "")
        return min(float(wanted) if wanted.isascii() and wanted.isdecimal() else 5.0, _LONGEST_WAIT_SECONDS)
    said = (await response.text(errors="replace"))[:500]
    raise StreamRefusedError(
        f"{response.url.with_query(None)} answered {status} {response.content_type}; "
        f"expected 200 text/event-stream: {said}"
    )


def _pause(usual: float, failures: int) -> float:
    """Return the seconds before the next attempt: spread, so that not all come back at once, and longer each time."""
    return min(usual * 2.0 ** min(failures - 1, 10), _LONGEST_WAIT_SECONDS) * random.uniform(0.75, 1.25)  # noqa: S311


@asynccontextmanager
async def _session(given: aiohttp.ClientSession | None) -> AsyncIterator[aiohttp.ClientSession]:
    if given is not None:
        yield given
        return
    async with aiohttp.ClientSession() as own:
        yield own
