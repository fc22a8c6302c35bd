"""Runs a gateway on its address until told to stop."""

from typing import Self

from aiohttp import web

from streams.gateway.app import create_gateway
from streams.gateway.config import GatewayConfig


class GatewayServer:
    """The listening gateway; `async with` starts and stops it."""

    def __init__(self, config: GatewayConfig) -> None:
        """Nothing listens or connects before it is entered."""
        self._config = config
        self._runner = web.AppRunner(
            create_gateway(config),
            access_log=None,  # /metrics counts; a line a request is the proxy's business
            auto_decompress=False,  # a body is inflated within its bound, not before
            handler_cancellation=False,  # a push goes on although its client left: Kafka may have it already
            lingering_time=2.0,
        )
        self.url = ""

    async def __aenter__(self) -> Self:
        """Listen; a port of 0 is a free one, `url` says which."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._config.host, self._config.port, backlog=4096, reuse_address=True)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        self._config.log.info("the gateway listens", url=self.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        """End streams, answer what is under way, and disconnect."""
        await self._runner.cleanup()
