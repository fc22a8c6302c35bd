"""From settings to pollers; the same for `poll` and `up`."""

import structlog
from prometheus_client import CollectorRegistry

from streams.bootstrap.poll_leases import PollLeases
from streams.distribution import installed_version
from streams.ingest.polling.fetch import FetchOptions
from streams.ingest.polling.poll_metrics import PollMetrics
from streams.ingest.polling.polling import Polling, PollOptions
from streams.ingest.polling.turns import Alone, Turns
from streams.ingest.producer import DocumentProducer
from streams.runtime.clock import system_clock
from streams.runtime.kafka.connection import KafkaConnection
from streams.settings import Settings
from streams.topology import MAX_DOCUMENT_BYTES, Names


def fetch_options(settings: Settings) -> FetchOptions:
    """Return the client's bounds and manners."""
    homepage = f" (+{settings.poll_homepage})" if settings.poll_homepage else ""
    return FetchOptions(
        user_agent=f"Liveline/{installed_version()}{homepage}",
        max_bytes=MAX_DOCUMENT_BYTES,
        timeout=settings.poll_timeout.total_seconds(),
        internal=settings.poll_internal,
    )


def leases_of(settings: Settings) -> PollLeases | None:
    """Return the leases by which pollers of one state database share the sources; None where they have none in common.

    A state database that nobody has chosen is a file beside the process, which others do not see.
    """
    if settings.embedded or "state" not in settings.model_fields_set:
        return None
    polled = [source.id for coverage in settings.newsroom.coverages for source in coverage.sources if source.url]
    return PollLeases(settings.state, polled)


def polling_of(
    settings: Settings,
    connection: KafkaConnection,
    registry: CollectorRegistry,
    *,
    turns: Turns | None = None,
    listens: bool = True,
) -> Polling | None:
    """Return the pollers of the newsroom's sources, or None where no source has a URL.

    `listens` says whether hubs find somebody at the public address.
    """
    if not any(source.url for coverage in settings.newsroom.coverages for source in coverage.sources):
        return None
    log = structlog.get_logger("liveline")
    return Polling(
        settings.newsroom,
        DocumentProducer(connection.aiokafka(), Names(settings.topic_prefix).raw, log=log),
        PollOptions(
            fetch_options(settings),
            public_url=settings.public_url if listens else None,
            no_websub_because="LIVELINE_PUBLIC_URL" if listens or not settings.public_url else "LIVELINE_POLL_BIND",
            host_connections=settings.poll_host_connections,
            host_gap=settings.poll_host_gap.total_seconds(),
        ),
        turns=turns or Alone(),
        metrics=PollMetrics(registry),
        clock=system_clock,
        log=log,
    )
