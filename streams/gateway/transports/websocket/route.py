"""`GET /v1/ws`: a request becomes a WebSocket."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.gateway.config import GatewayConfig
from streams.gateway.delivery import access
from streams.gateway.delivery.access import Authority, Everyone
from streams.gateway.delivery.hub import Hub
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.transports.takeover import hand_over_slot
from streams.gateway.transports.websocket.connection import WebSocketConnection
from streams.gateway.transports.websocket.handshake import accept
from streams.gateway.transports.websocket.services import Services
from streams.gateway.transports.websocket.session import WebSocketSession
from streams.runtime.http import Connections

_REFUSALS: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_PATIENCE: Final = 0.75
"""Of the time after which the connection is cut: before that it is told why."""


@dataclass(frozen=True, slots=True)
class WebSockets:
    """The route with what it needs."""

    hub: Hub
    config: GatewayConfig
    metrics: GatewayMetrics
    coverages: KnownCoverages
    connections: Connections
    authority: Authority

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take the connection over; returns at once."""
        read_parameters(request, access.PARAMETERS)
        answer = accept(request)
        refused: Problem | None = None
        try:
            allowed = await self.authority.of_request(request)
        except Problem as problem:
            if problem.status not in _REFUSALS:
                raise
            # A browser is not shown the status of a handshake that fails, but the code of a close.
            allowed, refused = Everyone(), problem
        if len(self.hub.connected) >= self.config.max_subscribers:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"this gateway has its {self.config.max_subscribers:,} subscribers",
                {"Retry-After": str(self.config.retry_after)},
            )
        connection = WebSocketConnection(
            backlog=self.config.backlog_bytes,
            patience=self.connections.limits.stall_timeout * _PATIENCE,
            retry_ms=self.config.retry_ms,
            dropped=self.metrics.dropped.inc,
        )
        services = Services(self.hub, self.config, self.metrics, self.coverages, self.authority)
        session = WebSocketSession(services, connection, allowed)
        release = hand_over_slot(request, self.connections, self.config.retry_after)
        try:
            connection.take_over(request, answer, session, release)
        except ConnectionResetError:
            release()
            session.ended()
            raise
        self.hub.connected.add(connection)
        if refused is not None:
            session.refuse(refused)
        # For aiohttp this connection is lost already: the response goes nowhere.
        return web.Response()
