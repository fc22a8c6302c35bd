"""What a gateway has for alerts: their feed with its reader, and what answers of them by one configuration."""

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
class AnsweringAlerts:
    """The handlers of the API, and the parts that the desk needs."""

    view: AlertView
    state: DeskState
    handlers: Mapping[str, Handler]


def alert_reader(
    config: GatewayConfig, metrics: GatewayMetrics, hub: Hub, make_log: Callable[[], Log] | None
) -> tuple[AlertFeed, AlertReader]:
    """Return the feed and who fills it, from Kafka or a given log; nothing is read before the reader is started."""
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
    return feed, reader


def answering_alerts(
    feed: AlertFeed, config: GatewayConfig, connections: Connections, known: KnownCoverages, state: OpenState | None
) -> AnsweringAlerts:
    """Return what answers by this configuration."""
    view = AlertView(feed, config.retry_after)
    desk_state = DeskState(state, view, known, config.clock)
    handlers: dict[str, Handler] = {
        **AlertsApi(view, desk_state, known).handlers(),
        "alertStream": AlertStream(feed, config, known, connections).handle,
    }
    return AnsweringAlerts(view, desk_state, handlers)
