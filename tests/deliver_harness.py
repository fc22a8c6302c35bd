"""A deliverer over the session's Kafka, with a state database of its own and topics of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaProducer
from gateway_harness import Worker
from prometheus_client import CollectorRegistry

from schemas import Alert
from schemas.newsroom import Newsroom
from schemas.webhook import WebhookEvent
from streams.archive.state import Deliveries, State, StoredWebhook, Webhooks, open_state
from streams.bootstrap.deliverer import delivering
from streams.runtime.kafka.admin import create_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import Plan
from streams.settings import Settings
from streams.topology import Names
from streams.webhooks.secrets import new_secret

PARTITIONS = 2


@dataclass
class Desk:
    """What a test of the deliverer needs."""

    settings: Settings
    connection: KafkaConnection
    worker: Worker
    state: State
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def webhook(self, url: str, **fields: Any) -> StoredWebhook:
        """Keep a webhook for an endpoint."""
        now = datetime.now(UTC)
        kept = StoredWebhook(
            **{
                "id": f"w{uuid4().hex[:6]}", "url": url, "filter": {}, "events": (WebhookEvent.ENTRY,),
                "created_at": now, "since": now, "secret": new_secret(),
            }
            | fields
        )  # fmt: skip
        Webhooks(self.state).add(kept)
        return kept

    @asynccontextmanager
    async def delivering(self, **settings: Any) -> AsyncIterator["asyncio.Task[None]"]:
        """Run a deliverer in this process."""
        changed = self.settings.model_copy(update=settings)
        async with delivering(changed, self.connection, CollectorRegistry()) as delivery:
            task = delivery.task
            try:
                yield task
            finally:
                if task.done():
                    task.result()  # it ended by itself: an error

    def deliveries(self, webhook: StoredWebhook) -> list[Any]:
        """Return the log, newest first."""
        return Deliveries(self.state).page(webhook.id, None, 200)[0]

    def now(self, webhook: StoredWebhook) -> StoredWebhook:
        """Return the webhook as it stands."""
        found = Webhooks(self.state).get(webhook.id)
        assert found is not None
        return found

    async def alert(self, alert: Alert) -> None:
        """Publish an alert."""
        async with AIOKafkaProducer(bootstrap_servers=self.connection.bootstrap) as producer:
            topic = Names(self.settings.topic_prefix).alerts
            await producer.send_and_wait(topic, alert.to_json(), key=alert.alert_id.encode(), partition=0)


@asynccontextmanager
async def a_desk(bootstrap: str, folder: Path, url: Callable[[], str] | None = None) -> AsyncIterator[Desk]:
    """Make topics and a state database; nothing is delivered yet."""
    prefix = f"deliver-{uuid4().hex[:8]}."
    settings = Settings(kafka=bootstrap, topic_prefix=prefix, partitions=PARTITIONS).model_copy(
        update={
            "state": url() if url else f"sqlite:///{folder}/state.db",
            "webhook_internal": True,
            "webhook_schedule": (timedelta(milliseconds=100),) * 8,
            "newsroom": Newsroom(),
        }
    )
    connection = KafkaConnection(bootstrap)
    names = Names(prefix)
    await asyncio.to_thread(create_topics, connection, Plan(names, PARTITIONS, -1))
    state = open_state(settings.state)
    try:
        async with Worker(bootstrap, names.entries, PARTITIONS) as worker:
            yield Desk(settings, connection, worker, state)
    finally:
        state.close()
