"""`GET /v1/stream` and `/v1/coverages/{coverage}/stream`: a request becomes a subscription."""

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.archive import ArchiveLostError
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery import access, filters, start
from streams.gateway.delivery.access import Authority, need_alerts, within
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
            wanted = Filter.read(query, request.match_info.get("coverage"))
            alerts = filters.read_flag(query, "alerts") or False
        except FilterError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
        allowed = await self.authority.of_request(request)
        readable = within(wanted, allowed)
        self.coverages.need(wanted.coverages)
        if alerts:
            need_alerts(allowed)
        if len(self.hub.connected) >= self.config.max_subscribers:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"this gateway has its {self.config.max_subscribers:,} subscribers",
                {"Retry-After": str(self.config.retry_after)},
            )
        connection = SseConnection(self.hub, readable, allowed, backlog=self.config.backlog_bytes, alerts=alerts)
        release = hand_over_slot(request, self.connections, self.config.retry_after)
        try:
            connection.take_over(request, release)
        except ConnectionResetError:
            release()
            raise
        if allowed.expires_at is not None:
            connection.ends_in((allowed.expires_at - self.config.clock()).total_seconds())
        try:
            connection.write(stream_head(request, self.config.origins) + encode_retry(self.config.retry_ms))
            await CatchUp(self.hub, self.config, self.metrics, connection).run(begin)
        except ArchiveLostError:
            connection.drop()  # it comes back with its cursor
        except Exception:
            self.config.log.exception("a subscriber could not be brought up to date")
            connection.drop()
        # For aiohttp this connection is lost already: the response goes nowhere.
        return web.Response()


def stream_head(request: web.Request, origins: Collection[str]) -> bytes:
    """Return the head of the answer: status and headers, for a page of one of these origins too."""
    allowed = cors_headers(request.headers.get("Origin"), origins)
    return (_HEAD + "".join(f"{name}: {value}\r\n" for name, value in allowed.items()) + "\r\n").encode()
