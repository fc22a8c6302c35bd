"""`GET /v1/stream` and `/v1/coverages/{coverage}/stream`: a request becomes a subscription."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.archive import ArchiveError, Wanted
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery import access, filters, start
from streams.gateway.delivery.access import Access, Authority, need_alerts, within
from streams.gateway.delivery.catch_up import CatchUp
from streams.gateway.delivery.filters import Filter, FilterError
from streams.gateway.delivery.hub import Hub
from streams.gateway.delivery.start import Start
from streams.gateway.http.cors import cors_headers
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.transports.sse.connection import SseConnection
from streams.gateway.transports.sse.encoder import encode_retry
from streams.gateway.transports.takeover import hand_over_slot
from streams.runtime.http import Connections

PARAMETERS: Final = filters.PARAMETERS | start.PARAMETERS | {"alerts"}
"""Of the query string, beside `access_token`."""
# Ended by the connection's end, not chunked: one `bytes` is right for every client, HTTP/1.0 proxies included.
_HEAD: Final = (
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/event-stream; charset=utf-8\r\n"
    "Cache-Control: no-store\r\n"
    "X-Accel-Buffering: no\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n"
)


@dataclass(frozen=True, slots=True)
class Stream:
    """The route with what it needs."""

    hub: Hub
    config: GatewayConfig
    metrics: GatewayMetrics
    coverages: KnownCoverages
    connections: Connections
    authority: Authority

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take the connection over; returns once the subscriber is live or gone."""
        query = read_parameters(request, PARAMETERS | access.PARAMETERS)
        begin = Start.read(query, request.headers.get("Last-Event-ID"))
        try:
            alerts = filters.read_flag(query, "alerts") or False
        except FilterError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
        wanted, allowed = await self.admit(request, query)
        if alerts:
            need_alerts(allowed)
        connection = self.connect(request, wanted, allowed, alerts=alerts)
        try:
            await CatchUp(self.hub, self.config, self.metrics, connection).run(begin)
        except ArchiveError:
            connection.drop()  # it comes back with its cursor
        except Exception:
            self.config.log.exception("subscriber.catch_up_failed")
            connection.drop()
        # For aiohttp this connection is lost already: the response goes nowhere.
        return web.Response()

    async def admit(self, request: web.Request, query: Mapping[str, list[str]]) -> tuple[Wanted, Access]:
        """Return the filter within what the request may read; raises a problem where there is nothing to be read."""
        try:
            wanted = Filter.read(query, request.match_info.get("coverage"))
        except FilterError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
        allowed = await self.authority.of_request(request)
        readable = within(wanted, allowed)
        self.coverages.need(wanted.coverages)
        return readable, allowed

    def connect(self, request: web.Request, wanted: Wanted, allowed: Access, *, alerts: bool = False) -> SseConnection:
        """Take the connection over from aiohttp and write the head; raises a 503 or 429 where there is no place."""
        if len(self.hub.connected) >= self.config.max_subscribers:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"this gateway has its {self.config.max_subscribers:,} subscribers",
                {"Retry-After": str(self.config.retry_after)},
            )
        connection = SseConnection(self.hub, wanted, allowed, backlog=self.config.backlog_bytes, alerts=alerts)
        release = hand_over_slot(request, self.connections, self.config.retry_after)
        try:
            connection.take_over(request, release)
        except ConnectionResetError:
            release()
            raise
        if allowed.expires_at is not None:
            connection.ends_in((allowed.expires_at - self.config.clock()).total_seconds())
        connection.write(stream_head(request, self.config.origins) + encode_retry(self.config.retry_ms))
        return connection


def stream_head(request: web.Request, origins: Collection[str]) -> bytes:
    """Return the head of the answer: status and headers, for a page of one of these origins too."""
    allowed = cors_headers(request.headers.get("Origin"), origins)
    return (_HEAD + "".join(f"{name}: {value}\r\n" for name, value in allowed.items()) + "\r\n").encode()
