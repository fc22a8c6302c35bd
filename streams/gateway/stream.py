"""`GET /v1/stream` and `/v1/coverages/{coverage}/stream`: how a subscriber begins, catches up and becomes live."""

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

import orjson
from aiohttp import web

from streams.archive import Revision
from streams.gateway.config import GatewayConfig
from streams.gateway.cors import ANY_ORIGIN
from streams.gateway.cursor import CursorError, decode_cursor
from streams.gateway.filters import Filter, FilterError
from streams.gateway.hub import Hub
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.problem import Problem
from streams.gateway.sse import encode_event, encode_prime, encode_retry
from streams.gateway.subscriber import Subscriber

_WAIT: Final = 0.05
_LOOK: Final = 1.0
_LIMIT_DIGITS: Final = 8
# All three spellings are in use among SSE servers.
_CURSOR_PARAMETERS: Final = ("lastEventID", "last_event_id", "lastEventId")
# Ended by the connection's end, not chunked: one `bytes` is right for every client, HTTP/1.0 proxies included.
_HEAD: Final = (
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/event-stream; charset=utf-8\r\n"
    "Cache-Control: no-store\r\n"
    "X-Accel-Buffering: no\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n" + "".join(f"{name}: {value}\r\n" for name, value in ANY_ORIGIN.items()) + "\r\n"
).encode()


@dataclass(frozen=True, slots=True)
class Start:
    """Where a subscriber wants to begin."""

    cursor: str | None
    since: datetime | None
    latest: bool
    limit: int | None = None
    """Of the newest revisions, those of so many entries."""


class _Incomplete(Exception):  # noqa: N818  (what the event says)
    """What the cursor stands for can't be continued."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The route with what it needs."""

    hub: Hub
    config: GatewayConfig
    metrics: GatewayMetrics

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take the connection over; returns once the subscriber is live or gone."""
        wanted, start = _wishes(request)
        if len(self.hub.connected) >= self.config.max_subscribers:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"this gateway has its {self.config.max_subscribers:,} subscribers",
                {"Retry-After": str(self.config.retry_after)},
            )
        subscriber = Subscriber(wanted, self.config.backlog_bytes, self.hub.leave)
        subscriber.take_over(request)
        self.hub.connected.add(subscriber)
        try:
            subscriber.write(_HEAD + encode_retry(self.config.retry_ms))
            await self._begin(subscriber, start)
        except Exception:
            self.config.log.exception("a subscriber could not be brought up to date")
            subscriber.drop()
        # For aiohttp this connection is lost already: the response goes nowhere.
        return web.Response()

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
                position = await self._current_state(subscriber, 0, ever=True)
        elif start.since is not None:
            began = "since"
            position, whole = await self.hub.archive.since(int(start.since.timestamp() * 1000))
            if not whole:
                self._say_incomplete(subscriber, "what is held begins later than the time that was asked for")
        elif start.latest:
            began = "latest"
            first = await self.hub.archive.tail(subscriber.filter, start.limit) if start.limit else 0
            position = await self._current_state(subscriber, first, ever=False)
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

    async def _current_state(self, subscriber: Subscriber, first: int, *, ever: bool) -> Mapping[int, int]:
        """Send the newest revisions, and return the position that they are of.

        They have no ids: a client that loses the connection among them must not take its part for the whole.
        """
        until = dict(self.hub.position)
        following: int | None = first
        while following is not None and subscriber.open:
            page = await self.hub.archive.latest(
                until,
                subscriber.filter,
                following,
                self.config.page_size,
                ever=ever,
            )
            subscriber.write(b"".join(encode_event("entry", revision.value) for revision in page.revisions))
            self.metrics.replayed.labels("latest").inc(len(page.revisions))
            await subscriber.room()
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
                self._send(subscriber, place, missed[: self.config.page_size], "memory")
                if len(missed) <= self.config.page_size:
                    # No await since `after`: what comes next is written by the hub.
                    subscriber.write(self._live())
                    self.hub.join(subscriber)
                    return
            else:
                page = await self.hub.archive.after(place, subscriber.filter, following, self.config.page_size)
                self._send(subscriber, place, page.revisions, "archive")
                place.update(page.position)
                following = page.next
            await subscriber.room()

    def _ahead(self, position: Mapping[int, int]) -> bool:
        return any(offset > self.hub.position.get(partition, 0) for partition, offset in position.items())

    def _send(self, subscriber: Subscriber, place: dict[int, int], revisions: Sequence[Revision], source: str) -> None:
        frames = []
        for revision in revisions:
            place[revision.partition] = revision.offset + 1
            if subscriber.filter.fits(revision.ever):
                frames.append(encode_event("entry", revision.value, self.hub.cursor(place)))
        if frames:
            subscriber.write(b"".join(frames))
            self.metrics.replayed.labels(source).inc(len(frames))

    def _live(self) -> bytes:
        cursor = self.hub.cursor(self.hub.position)
        return encode_event("live", orjson.dumps({"cursor": cursor}), cursor)

    def _say_incomplete(self, subscriber: Subscriber, reason: str) -> None:
        subscriber.write(encode_event("incomplete", orjson.dumps({"reason": reason})))


def _wishes(request: web.Request) -> tuple[Filter, Start]:
    """Return what a request asks for; raises a 400 that names what is wrong."""
    query = {name: request.query.getall(name) for name in request.query}
    try:
        wanted = Filter.read(query, request.match_info.get("coverage"))
    except FilterError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
    cursor = request.headers.get("Last-Event-ID")
    for name in _CURSOR_PARAMETERS:
        cursor = cursor or request.query.get(name)
    replay = request.query.get("replay")
    if replay not in (None, "latest"):
        raise Problem(HTTPStatus.BAD_REQUEST, f"replay is {replay!r}; expected latest")
    since = request.query.get("since")
    try:
        moment = datetime.fromisoformat(since.replace(" ", "+")) if since else None
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"since is {since!r}; expected an RFC 3339 time") from error
    if moment is not None and moment.tzinfo is None:
        raise Problem(HTTPStatus.BAD_REQUEST, f"since is {since!r}; expected a time with its zone, such as Z")
    limit = request.query.get("limit")
    if limit is not None and not (limit.isdecimal() and len(limit) < _LIMIT_DIGITS and int(limit)):
        raise Problem(HTTPStatus.BAD_REQUEST, f"limit is {limit!r}; expected a number from 1 on")
    return wanted, Start(cursor or None, moment, replay == "latest", int(limit) if limit else None)
