"""The gateway's composition root: what it is made of, in one place; nothing connects before it is started."""

import asyncio

from aiohttp import web

from streams.gateway.api.admin import only_admin
from streams.gateway.api.open_state import OpenState
from streams.gateway.api.push import Push
from streams.gateway.api.rest import Rest, rest_routes
from streams.gateway.api.webhooks import WebhooksApi
from streams.gateway.api.websub import WebSub
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.hub import Hub
from streams.gateway.http.cors import preflight
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.health import Metrics, Ready, healthz
from streams.gateway.http.problem import problems
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.page import Page
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
    for path, handler in rest_routes(Rest(hub, config.newsroom, config.retry_after, known)).items():
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

    # -- webhooks
    if config.state is not None:
        state = OpenState(config.state, config.newsroom.webhooks, config.clock, config.log)
        WebhooksApi(state, only_admin(config.admin_token), config.clock, config.webhook_internal).add_to(app)

        async def close_state(_: web.Application) -> None:
            await asyncio.to_thread(state.close)

        app.on_cleanup.append(close_state)
    # -- end of webhooks

    async def start(_: web.Application) -> None:
        await producer.start()
        await hub.start()

    async def shutdown(_: web.Application) -> None:
        await hub.stop()

    async def cleanup(_: web.Application) -> None:
        await producer.stop()

    app.on_startup.append(start)
    # Streams end first, so that clients go to another gateway at once; pushes under way still get their answer.
    app.on_shutdown.append(shutdown)
    app.on_cleanup.append(cleanup)
    return app
