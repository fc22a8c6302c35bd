"""What a gateway answers with by one configuration, over what lives as long as the gateway."""

from collections.abc import Collection
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from streams.bootstrap.gateway_alerts import answering_alerts
from streams.gateway.alerts.feed import AlertFeed
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
from streams.gateway.delivery.hub import Hub
from streams.gateway.describe.handlers import Descriptions
from streams.gateway.desk.routes import Desk
from streams.gateway.desk_letters import DeskLetters
from streams.gateway.feeds.modified import LastModified
from streams.gateway.feeds.routes import Feeds
from streams.gateway.figures.routes import Figures
from streams.gateway.guarded import Served
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.health import Metrics, Ready, healthz
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.page.content import Reader
from streams.gateway.page.files import PageFiles
from streams.gateway.page.pictures import Pictures
from streams.gateway.page.routes import Pages
from streams.gateway.routes import ROUTES
from streams.gateway.transports.sse.replay_route import Paced, Replays
from streams.gateway.transports.sse.route import Stream
from streams.gateway.transports.websocket.route import WebSockets
from streams.ingest.idempotency import RecentKeys
from streams.ingest.producer import DocumentProducer
from streams.ingest.tokens import Tokens
from streams.runtime.http import Connections


@dataclass(frozen=True, slots=True)
class Lasting:
    """What lives as long as the gateway, whatever its newsroom says."""

    hub: Hub
    metrics: GatewayMetrics
    connections: Connections
    producer: DocumentProducer
    keys: RecentKeys
    letters: OpenLetters
    state: OpenState | None
    alerts: AlertFeed
    authority: Authority | None
    """Who judges streams; None: the guard."""
    modified: LastModified = field(default_factory=LastModified)
    paced: Paced = field(default_factory=Paced)
    files: PageFiles = field(default_factory=PageFiles.load)


def visibility_of(config: GatewayConfig) -> Visibility:
    """Return which coverages are shown to whom."""
    return Visibility.of(config.newsroom, open_to_all=not config.has_newsroom)


def served_by(config: GatewayConfig, lasting: Lasting) -> Served:
    """Return what answers by a configuration; nothing connects or is read."""
    hub, metrics, connections, letters = lasting.hub, lasting.metrics, lasting.connections, lasting.letters
    # A proxy may pass on another Host: the address that it is reached by is the gateway's own as well.
    own = {str(URL(config.public_url).origin())} if config.public_url else set()
    tokens = SubscriberTokens(config.token_rules, visibility_of(config), config.clock)
    guard = Guard(tokens, frozenset(config.origins) | own, config.retry_after)
    authority = lasting.authority or guard
    push = Push(
        newsroom=config.newsroom,
        tokens=Tokens(config.tokens),
        producer=lasting.producer,
        keys=lasting.keys,
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

    alerts = answering_alerts(lasting.alerts, config, connections, known, lasting.state)
    descriptions = Descriptions([route for route in ROUTES if not route.optional], config.public_url)
    handlers: dict[str, Handler] = {
        "push": push.handle,
        "stream": stream.handle,
        "coverageStream": stream.handle,
        "replay": Replays(stream, lasting.paced).handle,
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
        **Feeds(rest.archive, config.newsroom, readable, lasting.modified, config.public_url).handlers(),
        **DeadLettersApi(letters).handlers(),
        **DeskLetters(letters).handlers(),
        **_page(config, hub, known, rest, lasting.files),
        "healthz": healthz,
        "readyz": Ready(hub, config.retry_after).handle,
        "metrics": Metrics(config.registry).handle,
        "openapi": descriptions.openapi,
        "asyncapi": descriptions.asyncapi,
    }
    if config.websub is not None:
        websub = WebSub(config.websub, config.max_document_bytes, config.retry_after, config.body_timeout)
        handlers |= {"websubVerify": websub.verify, "websubDeliver": websub.deliver}
    if lasting.state is not None:
        handlers |= WebhooksApi(lasting.state, config.clock, config.webhook_internal).handlers()
    return Served(guard, handlers)


def _page(config: GatewayConfig, hub: Hub, known: KnownCoverages, rest: Rest, files: PageFiles) -> dict[str, Handler]:
    """Return the handlers of the live page, its embeds, and what they load."""
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
