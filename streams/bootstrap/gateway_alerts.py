"""What a gateway has for alerts: their reader, their feed, and the routes of the API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp.typedefs import Handler

from streams.archive.alerts.address import alerts_url
from streams.archive.alerts.archive import AlertArchive
from streams.gateway.alerts.desk_state import DeskState
from streams.gateway.alerts.feed import AlertFeed
from streams.gateway.alerts.reader import AlertReader
from streams.gateway.alerts.routes import AlertsApi
from streams.gateway.alerts.stream import AlertStream
from streams.gateway.alerts.view import AlertView
from streams.gateway.api.open_state import OpenState
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.hub import Hub
from streams.gateway.feed.entry_log import EntryLog
from streams.gateway.feed.log import Log
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.metrics import GatewayMetrics
from streams.runtime.http import Connections


@dataclass(frozen=True, slots=True)
class GatewayAlerts:
    """The parts that others need."""

    feed: AlertFeed
    reader: AlertReader
    view: AlertView
    state: DeskState
    handlers: Mapping[str, Handler]


def create_alerts(
    config: GatewayConfig,
    metrics: GatewayMetrics,
    connections: Connections,
    hub: Hub,
    known: KnownCoverages,
    state: OpenState | None,
    make_log: Callable[[], Log] | None,
) -> GatewayAlerts:
    """Return them; nothing is read before the reader is started. It reads Kafka or a given log."""
    feed = AlertFeed(hub, metrics)
    url = config.alerts_archive or alerts_url(config.archive)
    reader = AlertReader(
        feed,
        identity=config.alerts_identity or config.log_identity,
        make_log=make_log or (lambda: EntryLog(config.kafka, config.names.alerts)),
        make_archive=lambda: AlertArchive(url, config.log),
        metrics=metrics,
        log=config.log,
    )
    view = AlertView(feed, config.retry_after)
    desk_state = DeskState(state, view, known, config.clock)
    handlers: dict[str, Handler] = {
        **AlertsApi(view, desk_state, known).handlers(),
        "alertStream": AlertStream(feed, config, known, connections).handle,
    }
    return GatewayAlerts(feed, reader, view, desk_state, handlers)
