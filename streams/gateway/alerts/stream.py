"""`GET /v1/alerts/stream`: alerts as server-sent events, each with the cursor after it."""

import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import Final

import orjson
from aiohttp import web

from streams.archive import ArchiveLostError
from streams.gateway.alerts.feed import AlertFeed
from streams.gateway.auth.guard import ACCESS
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.cursor import CursorError, decode_cursor
from streams.gateway.delivery.filters import Filter
from streams.gateway.delivery.start import CURSORS, Start
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.parameters import read_parameters
from streams.gateway.transports.sse.connection import SseConnection
from streams.gateway.transports.sse.encoder import encode_event, encode_prime
from streams.gateway.transports.sse.opening import open_connection
from streams.runtime.http import Connections

PARAMETERS: Final = frozenset({*CURSORS, "coverage"})
"""Of the query string, beside `access_token`."""
_LOOK_SECONDS: Final = 1.0
_WAIT_SECONDS: Final = 0.05


class _Missed(Exception):  # noqa: N818  (what happened)
    """The stream can't resume from the cursor."""


@dataclass(frozen=True, slots=True)
class AlertStream:
    """The route with what it needs."""

    feed: AlertFeed
    config: GatewayConfig
    coverages: KnownCoverages
    connections: Connections

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take the connection over; returns once the listener is live or gone."""
        query = read_parameters(request, PARAMETERS)
        begin = Start.read(query, request.headers.get("Last-Event-ID"))
        access = request[ACCESS]
        wanted = Filter.read({name: values for name, values in query.items() if name == "coverage"})
        # `wanted` is judged by its coverages alone; without any, what may be read is what is told.
        self.coverages.allow(access, wanted.coverages)
        connection = open_connection(
            self.feed, request, wanted, access, config=self.config, connections=self.connections
        )
        try:
            await self._catch_up(connection, begin.cursor)
        except ArchiveLostError:
            connection.drop()  # it comes back with its cursor
        except Exception:
            self.config.log.exception("alerts.listener_failed")
            connection.drop()
        # For aiohttp this connection is lost already: the response goes nowhere.
        return web.Response()

    async def _catch_up(self, connection: SseConnection, cursor: str | None) -> None:
        """Write what a listener misses, and make it live where that ends."""
        feed = self.feed
        while not feed.caught_up.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await feed.caught_up.wait()
            if not connection.open:
                return
        place = dict(feed.position)
        if cursor is not None:
            try:
                place = await self._place_of(connection, cursor)
            except _Missed as missed:
                place = dict(feed.position)
                reason = orjson.dumps({"reason": f"{missed}; what there is now is at /v1/alerts"})
                connection.write(encode_event("incomplete", reason, feed.cursor(place)))
        while connection.open:
            until = dict(feed.position)
            if all(place.get(partition, 0) >= offset for partition, offset in until.items()):
                # The loop did not turn since `until`: what comes next is written by the feed.
                connection.write(encode_event("live", orjson.dumps({"cursor": feed.cursor(until)}), feed.cursor(until)))
                feed.join(connection)
                return
            page = await feed.archive.after(place, until, self.config.page_size)
            place = dict(page.position)
            for each in page.values:
                if connection.may_be_told_of(each.coverage_id):
                    connection.write(encode_event("alert", each.value, feed.cursor(each.position)))
            connection.write(encode_prime(feed.cursor(place)))
            await connection.room()

    async def _place_of(self, connection: SseConnection, cursor: str) -> dict[int, int]:
        feed = self.feed
        try:
            given = decode_cursor(feed.tag, cursor)
        except CursorError as error:
            raise _Missed(str(error)) from error
        if not given.keys() <= feed.position.keys():
            raise _Missed("the cursor names a partition that this log doesn't have")
        place = {partition: given.get(partition, 0) for partition in feed.position}
        if any(offset < feed.archive.floor.get(partition, 0) for partition, offset in place.items()):
            raise _Missed("the cursor is older than what is held")
        # Another gateway may be some milliseconds ahead of this one.
        deadline = time.monotonic() + self.config.cursor_wait
        while any(offset > feed.position.get(partition, 0) for partition, offset in place.items()):
            if time.monotonic() > deadline or not connection.open:
                raise _Missed("the cursor is ahead of the log")
            await asyncio.sleep(_WAIT_SECONDS)
        return place
