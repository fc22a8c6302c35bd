"""The gateway's composition root: what it is made of, in one place; nothing connects before it is started."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from streams.archive import open_archive
from streams.bootstrap.gateway_alerts import create_alerts
from streams.gateway.api.dead_letters import DeadLettersApi
from streams.gateway.api.open_letters import OpenLetters
from streams.gateway.api.open_state import OpenState
from streams.gateway.api.push import Push
from streams.gateway.api.rest import Rest
from streams.gateway.api.search import Search
from streams.gateway.api.sources import Sources
from streams.gateway.api.webhooks import WebhooksApi
from streams.gateway.api.websub import WebSub
from streams.gateway.auth.access import Visibility
from streams.gateway.auth.guard import ACCESS, Guard
from streams.gateway.auth.tokens import SubscriberTokens
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.access import Authority
from streams.gateway.delivery.archiver import Archiver
from streams.gateway.delivery.hub import Hub
from streams.gateway.describe.handlers import Descriptions
from streams.gateway.desk.routes import Desk
from streams.gateway.desk_letters import DeskLetters
from streams.gateway.feed.entry_log import EntryLog
from streams.gateway.feed.log import Log
from streams.gateway.feeds.routes import Feeds
from streams.gateway.figures.routes import Figures
from streams.gateway.guarded import add_routes
from streams.gateway.http.compression import compress
from streams.gateway.http.cors import allow_origins
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.health import Metrics, Ready, healthz
from streams.gateway.http.problem import problems
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.page.content import Reader
from streams.gateway.page.files import PageFiles
from streams.gateway.page.pictures import Pictures
from streams.gateway.page.routes import Pages
from streams.gateway.pruning import Pruning
from streams.gateway.routes import ROUTES
from streams.gateway.transports.sse.replay_route import Replays
from streams.gateway.transports.sse.route import Stream
from streams.gateway.transports.websocket.route import WebSockets
from streams.ingest.idempotency import RecentKeys
from streams.ingest.producer import DocumentProducer
from streams.ingest.tokens import Tokens
from streams.runtime.http import Connections
from streams.runtime.http.site import note_requests
from streams.topology import Names

HUB = web.AppKey("hub", Hub)


def create_gateway(
    config: GatewayConfig,
    metrics: GatewayMetrics,
    connections: Connections,
    make_log: Callable[[], Log] | None = None,
    make_alert_log: Callable[[], Log] | None = None,
    authority: Authority | None = None,
) -> web.Application:
    """Return the gateway as an aiohttp application; `GatewayServer` runs it. It reads Kafka or given logs."""
    visibility = Visibility.of(config.newsroom, open_to_all=not config.has_newsroom)
    # A proxy may pass on another Host: the address that it is reached by is the gateway's own as well.
    own = {str(URL(config.public_url).origin())} if config.public_url else set()
    tokens = SubscriberTokens(config.token_rules, visibility, config.clock)
    guard = Guard(tokens, frozenset(config.origins) | own, config.retry_after)
    authority = authority or guard
    hub = Hub(config, metrics)

    def live_log() -> Log:
        return EntryLog(config.kafka, Names(config.names.prefix, config.generations.generation()).entries)

    archiver = Archiver(
        hub,
        identity=config.log_identity,
        generations=config.generations,
        make_log=make_log
        or (lambda: EntryLog(config.kafka, Names(config.names.prefix, config.generations.generation()).entries)),
        make_archive=lambda: open_archive(config.archive, config.log),
        metrics=metrics,
        log=config.log,
        tracing=config.tracing,
    )
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
        tracing=config.tracing,
    )
    known = KnownCoverages(hub, config.newsroom, config.retry_after)
    stream = Stream(hub, config, metrics, known, connections, authority)
    sockets = WebSockets(hub, config, metrics, known, connections, authority)
    rest = Rest(hub, config.newsroom, config.retry_after, known)
    sources = Sources(rest, config.newsroom)

    def readable(request: web.Request, names: Collection[str]) -> frozenset[str]:
        return known.allow(request[ACCESS], names)

    letters = OpenLetters(config.letters, config.names, config.log)
    state = OpenState(config.state, config.newsroom.webhooks, config.clock, config.log) if config.state else None
    alerts = create_alerts(config, metrics, connections, hub, known, state, make_alert_log)
    descriptions = Descriptions([route for route in ROUTES if not route.optional], config.public_url)
    handlers: dict[str, Handler] = {
        "push": push.handle,
        "stream": stream.handle,
        "coverageStream": stream.handle,
        "replay": Replays(stream).handle,
        "ws": sockets.handle,
        "coverages": rest.coverages,
        "coverage": rest.coverage,
        "entries": rest.entries,
        "entry": rest.entry,
        "revisions": rest.revisions,
        "sources": sources.handle,
        "search": Search(rest.archive, readable).handle,
        "figures": Figures(rest.archive, readable).handle,
        **alerts.handlers,
        **Desk.of(alerts.view, alerts.state, sources, config.newsroom, guard, config.clock).handlers(),
        **Feeds(rest.archive, config.newsroom, readable, config.public_url).handlers(),
        **DeadLettersApi(letters).handlers(),
        **DeskLetters(letters).handlers(),
        **_page(config, hub, known, rest),
        "healthz": healthz,
        "readyz": Ready(hub, config.retry_after).handle,
        "metrics": Metrics(config.registry).handle,
        "openapi": descriptions.openapi,
        "asyncapi": descriptions.asyncapi,
    }
    if config.websub is not None:
        websub = WebSub(config.websub, config.max_document_bytes, config.retry_after, config.body_timeout)
        handlers |= {"websubVerify": websub.verify, "websubDeliver": websub.deliver}
    if state is not None:
        handlers |= WebhooksApi(state, config.clock, config.webhook_internal).handlers()
    app = web.Application(middlewares=[note_requests, compress, problems(config.log)])
    app[HUB] = hub
    add_routes(app, ROUTES, handlers, guard, secure=(config.public_url or "").startswith("https://"))
    app.on_response_prepare.append(allow_origins(config.origins))

    pruning = Pruning(hub, alerts.feed, config)

    _live_with(
        app,
        starts=(
            config.generations.start, producer.start, hub.start, archiver.start, alerts.reader.start, pruning.start
        ),
        # Streams end first, so that clients go to another gateway at once; pushes under way still get their answer.
        ends=(pruning.stop, hub.stop, alerts.reader.stop, archiver.stop),
        closes=(
            producer.stop, config.generations.stop, partial(asyncio.to_thread, letters.close),
            *([partial(asyncio.to_thread, state.close)] if state is not None else []),
        ),
    )  # fmt: skip
    return app


Step = Callable[[], Awaitable[None]]


def _live_with(app: web.Application, *, starts: Sequence[Step], ends: Sequence[Step], closes: Sequence[Step]) -> None:
    """Start, end and close these in their order, as the application starts, shuts down and is cleaned up."""

    def in_order(steps: Sequence[Step]) -> Callable[[web.Application], Awaitable[None]]:
        async def run(_: web.Application) -> None:
            for step in steps:
                await step()

        return run

    app.on_startup.append(in_order(starts))
    app.on_shutdown.append(in_order(ends))
    app.on_cleanup.append(in_order(closes))


def _page(config: GatewayConfig, hub: Hub, known: KnownCoverages, rest: Rest) -> dict[str, Handler]:
    """Return the handlers of the live page, its embeds, and what they load."""
    files = PageFiles.load()
    pages = Pages(
        known,
        Reader(hub, rest.archive, config.newsroom),
        Pictures(config.page_pictures),
        config.embed_sites,
        config.public_url,
    )
    return {
        "index": pages.index,
        "coveragePage": pages.coverage,
        "embed": pages.embedded,
        "pageFile": files.of_page,
        "client": files.of_client,
        "clientTypes": files.of_client,
        "embedScript": files.of_client,
    }
