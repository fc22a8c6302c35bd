"""A publisher with a WebSub hub on 127.0.0.1, and a newsroom's pollers that read it, for tests."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from prometheus_client import CollectorRegistry

from schemas import Document, Source
from schemas.entry import CoverageId
from streams.gateway.api.websub import WebSub
from streams.gateway.http.problem import problems
from streams.ingest.polling.fetch import Fetcher, FetchOptions
from streams.ingest.polling.hosts import Hosts
from streams.ingest.polling.outbox import Outbox
from streams.ingest.polling.poll_metrics import PollMetrics
from streams.ingest.polling.poller import Poller
from streams.ingest.producer import Stored
from streams.ingest.unavailable import KafkaUnavailable
from streams.ingest.websub.subscriber import Subscriber
from streams.testing.clock import FakeClock

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
PAGE = b"<html><body><p>Smoke over the quay</p></body></html>"
LIMIT = 100_000

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Page:
    """What stands at a path; it answers 304 to whoever has it."""

    body: bytes = PAGE
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    async def __call__(self, request: web.Request) -> web.Response:
        """Answer as servers of static files do."""
        etag, changed = self.headers.get("ETag"), self.headers.get("Last-Modified")
        known = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        if self.status == 200 and ((etag and known[0] == etag) or (changed and known[1] == changed)):
            return web.Response(status=304, headers=self.headers)
        return web.Response(body=self.body, status=self.status, headers={"Content-Type": "text/html", **self.headers})


class Publisher:
    """A server whose pages a test sets; it remembers what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Handler] = {"/live": Page()}
        self.requests: list[web.Request] = []
        self.forms: list[dict[str, str]] = []
        """What the hub was asked."""
        self.hub_asked = asyncio.Event()
        """Set whenever the hub was asked."""
        self.hub_status = 202
        self.app = web.Application()
        self.app.router.add_post("/hub", self._hub)
        self.app.router.add_get("/{path:.*}", self._page)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.pages.get(request.path, Page(b"", 404))(request)

    async def _hub(self, request: web.Request) -> web.Response:
        self.forms.append({name: str(value) for name, value in (await request.post()).items()})
        self.hub_asked.set()
        return web.Response(status=self.hub_status)


@dataclass
class Desk:
    """One source's poller, with everything around it but Kafka."""

    publisher: Publisher
    url: str
    """The publisher's base address."""
    poller: Poller
    subscriber: Subscriber
    clock: FakeClock
    registry: CollectorRegistry
    documents: list[Document]
    lost: list[str]
    session: aiohttp.ClientSession
    kafka: dict[str, Exception | None]

    def count(self, name: str, **labels: str) -> float:
        """Return a metric's value."""
        return self.registry.get_sample_value(name, labels) or 0.0

    async def verify(self, form: Mapping[str, str], **changed: str) -> tuple[int, str]:
        """Ask, as a hub, whether a request was meant."""
        query = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "ch4llenge",
            "hub.lease_seconds": "3600",
            **{name.replace("_", ".", 1): value for name, value in changed.items()},
        }
        async with self.session.get(form["hub.callback"], params=query) as response:
            return response.status, await response.text()

    async def deliver(self, form: Mapping[str, str], body: bytes, method: str = "sha256", **headers: str) -> int:
        """Bring, as a hub, what is new."""
        digest = hmac.new(form["hub.secret"].encode(), body, method).hexdigest()
        sent = {
            "Content-Type": "application/atom+xml",
            "X-Hub-Signature": f"{method}={digest}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        async with self.session.post(form["hub.callback"], data=body, headers=sent) as response:
            return response.status


@asynccontextmanager
async def a_desk(
    *,
    every: float = 15.0,
    timeout: float = 5.0,  # noqa: ASYNC109
    private: bool = True,
    **source: Any,
) -> AsyncIterator[Desk]:
    """Run a publisher, a callback server and a poller that is not started; luck leaves its waits as they are.

    The publisher's hub speaks http; `private` counts it as if nobody could read along.
    """
    publisher, clock, registry = Publisher(), FakeClock(NOON), CollectorRegistry()
    documents: list[Document] = []
    lost: list[str] = []
    kafka: dict[str, Exception | None] = {"error": None}

    async def send(document: Document) -> Stored:
        await asyncio.sleep(0)
        if error := kafka["error"]:
            raise error
        documents.append(document)
        return Stored(0, len(documents) - 1)

    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(publisher.app))
        base = str(server.make_url("")).rstrip("/")
        options = FetchOptions("Liveline/test (+https://newsroom.test/bot)", LIMIT, timeout=timeout, internal=True)
        fetcher = await stack.enter_async_context(Fetcher(options, Hosts(gap=0.0)))
        metrics, log = PollMetrics(registry), structlog.get_logger("test")
        outbox = Outbox(Source(id="evening-post", url=f"{base}/live", **source), CoverageId("fire"), send, clock)
        port = unused_port()
        subscriber = Subscriber(
            f"http://127.0.0.1:{port}",
            fetcher,
            {"evening-post": outbox},
            lost=lost.append,
            clock=clock,
            metrics=metrics,
            log=log,
            is_private=lambda _: private,
        )
        callbacks = web.Application(middlewares=[problems(log)])
        WebSub(subscriber, LIMIT, 5).add_to(callbacks)
        runner = web.AppRunner(callbacks, access_log=None, auto_decompress=False)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        session = await stack.enter_async_context(aiohttp.ClientSession())
        poller = Poller(
            url=f"{base}/live",
            every=every,
            outbox=outbox,
            fetcher=fetcher,
            hubs=subscriber,
            metrics=metrics,
            clock=clock,
            log=log,
            luck=lambda: 0.5,
        )
        yield Desk(publisher, base, poller, subscriber, clock, registry, documents, lost, session, kafka)


KAFKA_DOWN = KafkaUnavailable("Kafka is down")
