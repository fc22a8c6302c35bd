"""What a gateway is told: frozen, complete, and handed in."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from prometheus_client import CollectorRegistry
from sqlalchemy import URL

from schemas.newsroom import Newsroom
from streams.gateway.auth.tokens import TokenRules
from streams.gateway.feed.generations import Generations, OneGeneration
from streams.ingest.websub.subscriber import Subscriber
from streams.runtime.http import ConnectionLimits
from streams.runtime.kafka.connection import KafkaConnection
from streams.telemetry.tracing import Tracing, Untraced
from streams.topology import MAX_DOCUMENT_BYTES, Names


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class GatewayConfig:
    """Everything that `create_gateway` needs."""

    kafka: Mapping[str, Any]
    """Keyword arguments of every aiokafka client: `bootstrap_servers` and what its security needs."""
    log_identity: Callable[[], Awaitable[str]]
    """Which log this is; another cluster's, or a topic made anew, is another."""
    archive: str
    """URL of the archive's database."""
    generations: Generations = field(default_factory=OneGeneration)
    """Which generation's entries are read; when another one is live, the log is another."""
    alerts_identity: Callable[[], Awaitable[str]] | None = None
    """Which log of alerts this is; None: as of the entries."""
    alerts_archive: URL | None = None
    """The database of the alerts' projection; None: the archive's, or a file beside it."""
    archive_kept: timedelta | None = None
    """What is older is forgotten; None: everything is kept."""
    letters: KafkaConnection | None = None
    """How the dead letters are reached; None: they are not shown."""
    host: str = "127.0.0.1"
    port: int = 8080
    names: Names = field(default_factory=Names)
    newsroom: Newsroom = field(default_factory=Newsroom)
    has_newsroom: bool = True
    """Whether there is a newsroom file: without one every coverage of the log is public."""
    token_rules: TokenRules = field(default_factory=TokenRules)
    """What subscribers' tokens are checked against."""
    origins: Collection[str] = ()
    """Origins of other sites' pages that may read with the cookie."""
    public_url: str | None = None
    """Base address under which others reach the gateway."""
    page_pictures: Sequence[str] = ()
    """Hosts whose pictures the live page shows; `*`: any."""
    embed_sites: Sequence[str] = ()
    """Origins of pages that may hold a coverage in an iframe; `*`: any."""
    tokens: Mapping[str, str] = field(default_factory=dict)
    """Source id to the token for pushing."""
    heartbeat: float = 15.0
    """Seconds between two comments on a stream; proxies close what is silent for 30 or 60."""
    retry_ms: int = 2000
    """What clients wait before they connect again."""
    backlog_bytes: int = 1024 * 1024
    """What a subscriber may have waiting before it is dropped."""
    connections: ConnectionLimits = field(default_factory=ConnectionLimits)
    """How many there may be, and how long one may take."""
    body_timeout: float = 90.0
    """Seconds from a push's head to the end of its body."""
    max_subscribers: int = 20_000
    window_count: int = 5_000
    """Revisions in memory, for clients that were away for a moment."""
    window_bytes: int = 32 * 1024 * 1024
    page_size: int = 200
    """Revisions read from the archive at a time."""
    paced_replays: int = 20
    """Replays at a time that wait for each revision's time; each holds a page of revisions meanwhile."""
    cursor_wait: float = 5.0
    """How long a cursor that is ahead of this gateway is waited for before it counts as another log's."""
    push_deadline: float = 10.0
    """Seconds within which Kafka must have a document."""
    retry_after: int = 5
    """Seconds that a pusher is told to wait when Kafka is down."""
    max_document_bytes: int = MAX_DOCUMENT_BYTES
    idempotency_keys: int = 10_000
    """Pushes remembered, to answer a repeated one without storing it again."""
    state: str | None = None
    """URL of the state database; None: there are no webhooks."""
    webhook_internal: bool = False
    """Whether webhooks may have internal addresses."""
    websub: Subscriber | None = None
    """Who answers hubs, when the pollers run in this process."""
    kafka_silence: float = 15.0
    """Seconds without an answer of Kafka after which the gateway is not ready."""
    clock: Callable[[], datetime] = _utc_now
    tracing: Tracing = field(default_factory=Untraced)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    log: structlog.stdlib.BoundLogger = field(default_factory=structlog.get_logger)
