"""The worker's own port: is it alive, is it at work, and its metrics."""

from collections.abc import Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

NotReady = Callable[[], str | None]
"""Why the worker is not at work, or None."""


class HealthServer:
    """`/healthz`, `/readyz` and `/metrics` on a port of their own."""

    def __init__(self, host: str, port: int, registry: CollectorRegistry, not_ready: NotReady) -> None:
        self._host, self._port = host, port
        self._registry, self._not_ready = registry, not_ready
        app = web.Application()
        app.add_routes(
            [web.get("/healthz", self._alive), web.get("/readyz", self._ready), web.get("/metrics", self._metrics)]
        )
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self) -> int:
        """Listen, and return the port."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        port: int = self._runner.addresses[0][1]
        return port

    async def stop(self) -> None:
        """Close the port."""
        await self._runner.cleanup()

    async def _alive(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _ready(self, _: web.Request) -> web.Response:
        if reason := self._not_ready():
            return web.json_response({"status": "not ready", "reason": reason}, status=503)
        return web.json_response({"status": "ok"})

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
