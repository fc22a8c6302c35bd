"""What `liveline poll` answers on a port of its own: health, metrics, and hubs."""

import errno
from typing import Final, Self

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from streams.exceptions import SettingsError
from streams.gateway.health import Metrics, healthz
from streams.gateway.problem import problems
from streams.gateway.websub import WebSub
from streams.ingest.websub.subscriber import Subscriber
from streams.settings import Address
from streams.topology import MAX_DOCUMENT_BYTES

_RETRY_AFTER: Final = 5


class PollServer:
    """The listening server; `async with` starts and stops it."""

    def __init__(self, bind: Address, registry: CollectorRegistry, subscriber: Subscriber | None) -> None:
        """Take where to listen and what to answer with; nothing listens before it is entered."""
        self._bind = bind
        self._log = structlog.get_logger("liveline")
        app = web.Application(middlewares=[problems(self._log)])
        app.router.add_get("/healthz", healthz)
        app.router.add_get("/metrics", Metrics(registry).handle)
        if subscriber is not None:
            WebSub(subscriber, MAX_DOCUMENT_BYTES, _RETRY_AFTER).add_to(app)
        # A delivery goes on although its hub left: Kafka may have it already. Bodies are inflated within their bound.
        self._runner = web.AppRunner(app, access_log=None, auto_decompress=False, handler_cancellation=False)
        self.url = ""

    async def __aenter__(self) -> Self:
        """Listen; a port of 0 is a free one, `url` says which."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._bind.host, self._bind.port, reuse_address=True).start()
        except OSError as error:
            await self._runner.cleanup()
            why = "another process has it" if error.errno == errno.EADDRINUSE else str(error)
            raise SettingsError(
                f"LIVELINE_POLL_BIND: can't listen on {self._bind} ({why}); expected a free host:port"
            ) from error
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{Address(host, port)}"
        self._log.info("the pollers listen", url=self.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Answer what is under way and close."""
        await self._runner.cleanup()
