"""The gateway's composition root: what it is made of, in one place; nothing connects before it is started."""

from collections.abc import Callable, Collection, Mapping

from aiohttp import web
from aiohttp.typedefs import Handler

from streams.archive import Archive
from streams.gateway.api.push import Push
from streams.gateway.api.rest import Rest, rest_routes
from streams.gateway.api.search import Search
from streams.gateway.api.websub import WebSub
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.hub import Hub
from streams.gateway.feeds.routes import Feeds
from streams.gateway.figures.routes import Figures
from streams.gateway.http.cors import preflight
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.health import Metrics, Ready, healthz
from streams.gateway.http.problem import problems
from streams.gateway.http.readable import Readable
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.page import Page
from streams.gateway.pruning import Pruning
from streams.gateway.transports.stream import Stream
from streams.ingest.idempotency import RecentKeys
from streams.ingest.producer import DocumentProducer
from streams.ingest.tokens import Tokens
from streams.runtime.http import Connections
from streams.runtime.http.site import note_requests

HUB = web.AppKey("hub", Hub)


def create_gateway(config: GatewayConfig, metrics: GatewayMetrics, connections: Connections) -> web.Application:
    """Return the gateway as an aiohttp application; `GatewayServer` runs it."""
    hub = Hub(config, metrics)
    producer = DocumentProducer(config.kafka, config.names.raw, deadline=config.push_deadline, log=config.log)
    push = Push(
        newsroom=config.newsroom,
        tokens=Tokens(config.tokens),
        producer=producer,
        keys=RecentKeys(config.idempotency_keys),
        metrics=metrics,
        clock=config.clock,
        max_bytes=config.max_document_bytes,
        body_timeout=config.body_timeout,
        retry_after=config.retry_after,
    )
    known = KnownCoverages(hub, config.newsroom, config.retry_after)
    stream = Stream(hub, config, metrics, known, connections)
    app = web.Application(middlewares=[note_requests, problems(config.log)])
    app[HUB] = hub
    app.router.add_post("/v1/sources/{source}/documents", push.handle)
    for path in ("/v1/stream", "/v1/coverages/{coverage}/stream"):
        app.router.add_get(path, stream.handle, allow_head=False)
        app.router.add_options(path, preflight)
    rest = Rest(hub, config.newsroom, config.retry_after, known)
    for path, handler in rest_routes(rest).items():
        app.router.add_get(path, handler)
        app.router.add_options(path, preflight)

    def readable(_: web.Request, coverages: Collection[str]) -> frozenset[str]:
        known.need(coverages)
        return frozenset(coverages)

    for path, handler in _reading(rest.archive, config, readable).items():
        app.router.add_get(path, handler)
        app.router.add_options(path, preflight)
    if config.websub is not None:
        WebSub(config.websub, config.max_document_bytes, config.retry_after, config.body_timeout).add_to(app)
    page = Page.load(known)
    app.router.add_get("/", page.index)
    app.router.add_get("/coverages/{coverage}", page.coverage)
    app.router.add_get("/page/{name}", page.file)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", Ready(hub, config.retry_after).handle)
    app.router.add_get("/metrics", Metrics(config.registry).handle)

    pruning = Pruning(hub, config)

    async def start(_: web.Application) -> None:
        await producer.start()
        await hub.start()
        await pruning.start()

    async def shutdown(_: web.Application) -> None:
        await pruning.stop()
        await hub.stop()

    async def cleanup(_: web.Application) -> None:
        await producer.stop()

    app.on_startup.append(start)
    # Streams end first, so that clients go to another gateway at once; pushes under way still get their answer.
    app.on_shutdown.append(shutdown)
    app.on_cleanup.append(cleanup)
    return app


def _reading(archive: Callable[[], Archive], config: GatewayConfig, readable: Readable) -> Mapping[str, Handler]:
    """Return the paths of feeds, search and figures; `readable` says who may read what."""
    return {
        **Feeds(archive, config.newsroom, readable, config.public_url).routes(),
        "/v1/search": Search(archive, readable).handle,
        "/v1/coverages/{coverage}/figures": Figures(archive, readable).handle,
    }
