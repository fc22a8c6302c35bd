"""`GET /v1/stream` and `/v1/coverages/{coverage}/stream`: a request becomes a subscription."""

from collections.abc import Mapping
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
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.transports.sse.connection import SseConnection
from streams.gateway.transports.sse.opening import open_connection
from streams.runtime.http import Connections

PARAMETERS: Final = filters.PARAMETERS | start.PARAMETERS | {"alerts"}
"""Of the query string, beside `access_token`."""


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
        """Open a stream of entries; raises a 503 or 429 where there is no place."""
        return open_connection(
            self.hub, request, wanted, allowed, config=self.config, connections=self.connections, alerts=alerts
        )
