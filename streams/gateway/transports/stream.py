"""`GET /v1/stream` and `/v1/coverages/{coverage}/stream`: how a subscriber begins, catches up and becomes live."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

import orjson
from aiohttp import web

from streams.archive import ArchiveLostError, Due, Revision, due
from streams.gateway.auth.access import Access
from streams.gateway.auth.guard import ACCESS
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery import filters, start
from streams.gateway.delivery.cursor import CursorError, decode_cursor
from streams.gateway.delivery.filters import Filter, FilterError
from streams.gateway.delivery.hub import Hub
from streams.gateway.delivery.start import Start
from streams.gateway.http.cors import cors_headers
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.transports.sse import Frames, encode_event, encode_prime, encode_retry
from streams.gateway.transports.subscriber import Subscriber
from streams.runtime.http import Connections, slot_of
from streams.runtime.http.client_address import client_address

_WAIT: Final = 0.05
_LOOK: Final = 1.0
_CHUNK_BYTES: Final = 64 * 1024
PARAMETERS: Final = filters.PARAMETERS | start.PARAMETERS
# Ended by the connection's end, not chunked: one `bytes` is right for every client, HTTP/1.0 proxies included.
_HEAD: Final = (
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/event-stream; charset=utf-8\r\n"
    "Cache-Control: no-store\r\n"
    "X-Accel-Buffering: no\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n"
)


class _Incomplete(Exception):  # noqa: N818  (what the event says)
    """What the cursor stands for can't be continued."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The route with what it needs."""

    hub: Hub
    config: GatewayConfig
    metrics: GatewayMetrics
    coverages: KnownCoverages
    connections: Connections

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take the connection over; returns once the subscriber is live or gone."""
        query = read_parameters(request, PARAMETERS)
        begin = Start.read(query, request.headers.get("Last-Event-ID"))
        try:
            wanted = Filter.read(query, request.match_info.get("coverage"))
        except FilterError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
        access = request[ACCESS]
        wanted = replace(wanted, coverages=self.coverages.allow(access, wanted.coverages))
        if len(self.hub.connected) >= self.config.max_subscribers:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"this gateway has its {self.config.max_subscribers:,} subscribers",
                {"Retry-After": str(self.config.retry_after)},
            )
        subscriber = Subscriber(wanted, self.config.backlog_bytes, self.hub.leave)
        release = self._slot(request)
        try:
            subscriber.take_over(request, release)
        except ConnectionResetError:
            release()
            raise
        self.hub.connected.add(subscriber)
        try:
            subscriber.write(self._head(request) + encode_retry(self.config.retry_ms))
            self._end_with(access, subscriber)
            await self._begin(subscriber, begin)
        except ArchiveLostError:
            subscriber.drop()  # it comes back with its cursor
        except Exception:
            self.config.log.exception("a subscriber could not be brought up to date")
            subscriber.drop()
        # For aiohttp this connection is lost already: the response goes nowhere.
        return web.Response()

    def _head(self, request: web.Request) -> bytes:
        allowed = cors_headers(request.headers.get("Origin"), self.config.origins)
        return (_HEAD + "".join(f"{name}: {value}\r\n" for name, value in allowed.items()) + "\r\n").encode()

    def _end_with(self, access: Access, subscriber: Subscriber) -> None:
        """End the stream, catching up or live, when its token does."""
        if access.expires_at is None:
            return

        def expire() -> None:
            subscriber.write(encode_event("expired", orjson.dumps({"reason": "the token has expired"})))
            subscriber.close()

        remaining = max(0.0, (access.expires_at - self.config.clock()).total_seconds())
        timer = asyncio.get_running_loop().call_later(remaining, expire)
        subscriber.at_end(timer.cancel)

    def _slot(self, request: web.Request) -> Callable[[], None]:
        """Return what gives the connection's slot back; raises a 429 where a proxy's client has all it may have."""
        connection = slot_of(request)
        if connection is None or connection.slot is None:
            return lambda: None
        slot = connection.slot
        forwarded = request.headers.getall("X-Forwarded-For", [])
        client = client_address(slot.peer, forwarded, self.connections.limits.trusted)
        if not self.connections.count_as(slot, client):
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"this address has the {self.connections.limits.per_address:,} connections that it may have",
                {"Retry-After": str(self.config.retry_after)},
            )
        return connection.hand_over()

    async def _begin(self, subscriber: Subscriber, start: Start) -> None:
        # A gateway that is still reading keeps its clients, with heartbeats: a browser never comes back after a 503.
        while not self.hub.caught_up.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.hub.caught_up.wait(), _LOOK)
            if not subscriber.open:
                return
        began = "live"
        position: Mapping[int, int] = dict(self.hub.position)
        if start.cursor is not None:
            try:
                position = await self._place(subscriber, start.cursor)
                began = "resume"
            except _Incomplete as reason:
                began = "incomplete"
                self._say_incomplete(subscriber, str(reason))
                position = await self._current_state(subscriber, 0)
        elif start.since is not None:
            began = "since"
            position, whole = await self.hub.archive.since(int(start.since.timestamp() * 1000))
            if not whole:
                self._say_incomplete(subscriber, "what is held begins later than the time that was asked for")
        elif start.latest:
            began = "latest"
            first = await self.hub.archive.tail(subscriber.filter, start.limit) if start.limit else 0
            position = await self._current_state(subscriber, first)
        else:
            subscriber.write(encode_prime(self.hub.cursor(position)))
        self.metrics.subscriptions.labels(began).inc()
        await self._catch_up(subscriber, position)

    async def _place(self, subscriber: Subscriber, cursor: str) -> dict[int, int]:
        """Return the position of a cursor that this gateway can continue."""
        try:
            given = decode_cursor(self.hub.tag, cursor)
        except CursorError as error:
            raise _Incomplete(str(error)) from error
        if not given.keys() <= self.hub.position.keys():
            raise _Incomplete("the cursor names a partition that this log doesn't have")
        # A partition that was added after the cursor was made begins at its beginning.
        position = {partition: given.get(partition, 0) for partition in self.hub.position}
        if any(offset < self.hub.archive.floor[partition] for partition, offset in position.items()):
            raise _Incomplete("the cursor is older than what is held")
        # Another gateway may be some milliseconds ahead of this one.
        deadline = time.monotonic() + self.config.cursor_wait
        while self._ahead(position):
            if time.monotonic() > deadline or not subscriber.open:
                raise _Incomplete("the cursor is ahead of the log")
            await asyncio.sleep(_WAIT)
        return position

    async def _current_state(self, subscriber: Subscriber, first: int) -> Mapping[int, int]:
        """Send every entry that fits in its newest revision, and return the position that they are of.

        They have no ids: a client that loses the connection among them must not take its part for the whole.
        """
        until = dict(self.hub.position)
        following: int | None = first
        while following is not None and subscriber.open:
            page = await self.hub.archive.latest(until, subscriber.filter, following, self.config.page_size)
            frames = (encode_event("entry", revision.value) for revision in page.revisions)
            await self._write(subscriber, frames, "latest")
            following = page.next
        return until

    async def _catch_up(self, subscriber: Subscriber, position: Mapping[int, int]) -> None:
        """Send what follows a position, from memory or archive, and make the subscriber live where it ends."""
        place = dict(position)
        following: int | None = None
        while subscriber.open:
            # The archive is a moment ahead of the hub; who joined in between would get the same from the hub again.
            while self._ahead(place):  # noqa: ASYNC110  (it is a step of the loop away)
                await asyncio.sleep(0)
            missed = self.hub.window.after(place)
            if missed is not None:
                due_now = self._frames(subscriber, place, missed[: self.config.page_size])
                waited = await self._write(subscriber, due_now, "memory")
                if len(missed) <= self.config.page_size and not waited:
                    # The loop did not turn since `after`: what comes next is written by the hub.
                    subscriber.write(self._live())
                    self.hub.join(subscriber)
                    return
            else:
                page = await self.hub.archive.after(place, subscriber.filter, following, self.config.page_size)
                await self._write(subscriber, self._frames(subscriber, place, page.revisions), "archive")
                place.update(page.position)
                following = page.next

    def _ahead(self, position: Mapping[int, int]) -> bool:
        return any(offset > self.hub.position.get(partition, 0) for partition, offset in position.items())

    def _frames(self, subscriber: Subscriber, place: dict[int, int], revisions: Iterable[Revision]) -> Iterator[bytes]:
        """Yield the events of what is due, and move the place over all of it."""
        for revision in revisions:
            place[revision.partition] = revision.offset + 1
            how = due(subscriber.filter, revision)
            if how is not Due.NOT:
                yield Frames(revision, self.hub.cursor(place)).of(how)

    async def _write(self, subscriber: Subscriber, frames: Iterable[bytes], source: str) -> bool:
        """Write in chunks, each once the one before is read; returns whether it had to wait for that."""
        waited = False
        count, chunk = 0, bytearray()
        for frame in frames:
            count += 1
            chunk += frame
            if len(chunk) >= _CHUNK_BYTES:
                subscriber.write(bytes(chunk))
                chunk.clear()
                waited = await subscriber.room() or waited
                if not subscriber.open:
                    break
        if chunk:
            subscriber.write(bytes(chunk))
        self.metrics.replayed.labels(source).inc(count)
        return await subscriber.room() or waited

    def _live(self) -> bytes:
        cursor = self.hub.cursor(self.hub.position)
        return encode_event("live", orjson.dumps({"cursor": cursor}), cursor)

    def _say_incomplete(self, subscriber: Subscriber, reason: str) -> None:
        subscriber.write(encode_event("incomplete", orjson.dumps({"reason": reason})))
