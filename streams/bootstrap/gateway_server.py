"""Runs a gateway on its address until told to stop."""

import asyncio
from collections.abc import Callable
from typing import Final, Self

from aiohttp import web

from streams.background import end_task
from streams.bootstrap.gateway import FRONT, HUB, create_gateway
from streams.bootstrap.gateway_front import GatewayFront
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.access import Authority
from streams.gateway.delivery.hub import Hub
from streams.gateway.feed.log import Log
from streams.gateway.metrics import GatewayMetrics
from streams.runtime.http import Connections, GuardedSite
from streams.runtime.http.descriptors import within_descriptors

_KEEP_ALIVE_SECONDS: Final = 75.0
"""A proxy before us keeps its connections for up to 60 s."""


class GatewayServer:
    """The listening gateway; `async with` starts and stops it."""

    def __init__(
        self,
        config: GatewayConfig,
        make_log: Callable[[], Log] | None = None,
        authority: Authority | None = None,
        *,
        make_alert_log: Callable[[], Log] | None = None,
    ) -> None:
        """Nothing listens or connects before it is entered."""
        self._config = config
        metrics = GatewayMetrics(config.registry)
        self._connections = Connections(
            within_descriptors(config.connections, config.log),
            log=config.log,
            refused=lambda reason, count: metrics.cut_connections.labels(reason).inc(count),
        )
        metrics.connections.set_function(lambda: len(self._connections))
        self._sweeping: asyncio.Task[None] | None = None
        self._runner = web.AppRunner(
            create_gateway(config, metrics, self._connections, make_log, make_alert_log, authority),
            access_log=None,  # /metrics counts; a line a request is the proxy's business
            auto_decompress=False,  # a body is inflated within its bound, not before
            handler_cancellation=False,  # a push goes on although its client left: Kafka may have it already
            lingering_time=2.0,
            keepalive_timeout=_KEEP_ALIVE_SECONDS,
        )
        self.url = ""

    @property
    def hub(self) -> Hub:
        """What tells how far the gateway has read."""
        return self._runner.app[HUB]

    @property
    def front(self) -> GatewayFront:
        """What goes on by another newsroom."""
        return self._runner.app[FRONT]

    async def __aenter__(self) -> Self:
        """Listen; a port of 0 is a free one, `url` says which."""
        await self._runner.setup()
        await GuardedSite(self._runner, self._connections, self._config.host, self._config.port).start()
        self._sweeping = asyncio.create_task(self._connections.run(), name="gateway-connections")
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        self._config.log.info("gateway.listening", url=self.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        """End streams, answer what is under way, and disconnect."""
        await end_task(self._sweeping)
        await self._runner.cleanup()
