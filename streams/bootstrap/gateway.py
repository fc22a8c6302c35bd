"""The gateway's composition root: what it is made of, in one place; nothing connects before it is started."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from aiohttp import web

from streams.archive import open_archive
from streams.bootstrap.gateway_alerts import alert_reader
from streams.bootstrap.gateway_front import GatewayFront
from streams.bootstrap.gateway_handlers import Lasting, served_by
from streams.gateway.api.open_letters import OpenLetters
from streams.gateway.api.open_state import OpenState
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.access import Authority
from streams.gateway.delivery.archiver import Archiver
from streams.gateway.delivery.hub import Hub
from streams.gateway.feed.entry_log import EntryLog
from streams.gateway.feed.log import Log
from streams.gateway.guarded import Serving, add_routes
from streams.gateway.http.compression import compress
from streams.gateway.http.cors import allow_origins
from streams.gateway.http.problem import problems
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.pruning import Pruning
from streams.gateway.routes import ROUTES
from streams.ingest.idempotency import RecentKeys
from streams.ingest.producer import DocumentProducer
from streams.runtime.http import Connections
from streams.runtime.http.site import note_requests
from streams.topology import Names

HUB = web.AppKey("hub", Hub)
FRONT = web.AppKey("front", GatewayFront)


def create_gateway(
    config: GatewayConfig,
    metrics: GatewayMetrics,
    connections: Connections,
    make_log: Callable[[], Log] | None = None,
    make_alert_log: Callable[[], Log] | None = None,
    authority: Authority | None = None,
) -> web.Application:
    """Return the gateway as an aiohttp application; `GatewayServer` runs it. It reads Kafka or given logs."""
    hub = Hub(config, metrics)
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
    letters = OpenLetters(config.letters, config.names, config.log)
    state = OpenState(config.state, config.newsroom.webhooks, config.clock, config.log) if config.state else None
    alerts, alerts_reader = alert_reader(config, metrics, hub, make_alert_log)
    keys = RecentKeys(config.idempotency_keys)
    lasting = Lasting(hub, metrics, connections, producer, keys, letters, state, alerts, authority)
    serving = Serving(served_by(config, lasting))
    app = web.Application(middlewares=[note_requests, compress, problems(config.log)])
    app[HUB] = hub
    app[FRONT] = GatewayFront(config, lasting, serving)
    add_routes(app, ROUTES, serving, secure=(config.public_url or "").startswith("https://"))
    app.on_response_prepare.append(allow_origins(config.origins))

    pruning = Pruning(hub, alerts, config)

    _live_with(
        app,
        starts=(
            config.generations.start, producer.start, hub.start, archiver.start, alerts_reader.start, pruning.start
        ),
        # Streams end first, so that clients go to another gateway at once; pushes under way still get their answer.
        ends=(pruning.stop, hub.stop, alerts_reader.stop, archiver.stop),
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
