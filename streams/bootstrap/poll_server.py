"""What `liveline poll` answers on a port of its own: health, metrics, and hubs."""

import asyncio
import errno
from typing import Final, Self

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from streams.background import end_task
from streams.exceptions import SettingsError
from streams.gateway.api.websub import WebSub
from streams.gateway.http.health import Metrics, healthz
from streams.gateway.http.problem import problems
from streams.ingest.websub.subscriber import Subscriber
from streams.runtime.http import ConnectionLimits, Connections, GuardedSite
from streams.runtime.http.descriptors import within_descriptors
from streams.runtime.http.site import note_requests
from streams.settings import Address
from streams.topology import MAX_DOCUMENT_BYTES

_RETRY_AFTER: Final = 5
_KEEP_ALIVE_SECONDS: Final = 75.0


class PollServer:
    """The listening server; `async with` starts and stops it."""

    def __init__(self, bind: Address, registry: CollectorRegistry, subscriber: Subscriber | None) -> None:
        """Take where to listen and what to answer with; nothing listens before it is entered."""
        self._bind = bind
        self._log = structlog.get_logger("liveline")
        self._connections = Connections(within_descriptors(ConnectionLimits(), self._log), log=self._log)
        self._sweeping: asyncio.Task[None] | None = None
        app = web.Application(middlewares=[note_requests, problems(self._log)])
        app.router.add_get("/healthz", healthz)
        app.router.add_get("/readyz", healthz)  # who polls is ready as soon as it lives
        app.router.add_get("/metrics", Metrics(registry).handle)
        if subscriber is not None:
            WebSub(subscriber, MAX_DOCUMENT_BYTES, _RETRY_AFTER).add_to(app)
        # A delivery goes on although its hub left: Kafka may have it already. Bodies are inflated within their bound.
        self._runner = web.AppRunner(
            app, access_log=None, auto_decompress=False, handler_cancellation=False, keepalive_timeout=75
        )
        self.url = ""

    async def __aenter__(self) -> Self:
        """Listen; a port of 0 is a free one, `url` says which."""
        await self._runner.setup()
        try:
            await GuardedSite(self._runner, self._connections, self._bind.host, self._bind.port).start()
        except OSError as error:
            await self._runner.cleanup()
            why = "another process has it" if error.errno == errno.EADDRINUSE else str(error)
            raise SettingsError(
                f"LIVELINE_POLL_BIND: can't listen on {self._bind} ({why}); expected a free host:port"
            ) from error
        self._sweeping = asyncio.create_task(self._connections.run(), name="poll-connections")
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{Address(host, port)}"
        self._log.info("poll.listening", url=self.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Answer what is under way and close."""
        await end_task(self._sweeping)
        await self._runner.cleanup()
