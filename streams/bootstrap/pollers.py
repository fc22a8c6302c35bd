"""From settings to pollers; the same for `poll` and `up`."""

from dataclasses import dataclass

import structlog
from prometheus_client import CollectorRegistry

from streams.bootstrap.poll_leases import PollLeases
from streams.distribution import installed_version
from streams.ingest.polling.fetch import FetchOptions
from streams.ingest.polling.poll_metrics import PollMetrics
from streams.ingest.polling.polling import Polling, PollOptions, polled
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
    return PollLeases(settings.state, [source.id for source, _ in polled(settings.newsroom)])


def polling_of(
    settings: Settings,
    connection: KafkaConnection,
    registry: CollectorRegistry,
    *,
    turns: Turns | None = None,
    listens: bool = True,
) -> Polling:
    """Return the pollers of the newsroom's sources; `listens` says whether hubs find us at the public address."""
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


@dataclass(frozen=True, slots=True)
class PollPart:
    """Pollers as a part that goes on by another newsroom."""

    polling: Polling
    leases: PollLeases | None

    async def check(self, settings: Settings) -> None:
        """Allow all that the file's own check allows."""

    async def take(self, settings: Settings) -> None:
        """Poll what is new, and what is gone no more; the others go on undisturbed."""
        if self.leases is not None:
            self.leases.share([source.id for source, _ in polled(settings.newsroom)])
        await self.polling.take(settings.newsroom)
