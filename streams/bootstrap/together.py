"""Broker, topics, worker and gateway in one process: `liveline up` and the demo."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import structlog

from streams.bootstrap.pollers import polling_of
from streams.bootstrap.wiring import connection_to, gateway_config, listening, plan_of
from streams.bootstrap.worker import Worker, create_app
from streams.embedded import LIMITS, EmbeddedBroker
from streams.runtime.kafka.admin import create_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.settings import Settings

log = structlog.get_logger("liveline")


@dataclass(frozen=True, slots=True)
class Together:
    """What runs, and where it is reached."""

    worker: Worker
    connection: KafkaConnection
    url: str
    """The gateway's base URL."""


@asynccontextmanager
async def together(settings: Settings) -> AsyncIterator[Together]:
    """Start everything in the order in which it is needed, and stop it in the other."""
    async with AsyncExitStack() as stack:
        # 1. The broker with its topics: what starts later finds them.
        broker = None
        if settings.embedded:
            broker = stack.enter_context(EmbeddedBroker())
            for name, partitions in plan_of(settings).partition_counts().items():
                broker.create_topic(name, partitions)
            log.warning(LIMITS)
            if "archive" not in settings.model_fields_set:
                # Its log is gone when this process ends; an archive that stayed would be of no log at all.
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="liveline-"))
                settings = settings.model_copy(update={"archive": f"sqlite:///{folder}/liveline.db"})
            connection = connection_to(settings, broker.bootstrap)
        else:
            connection = connection_to(settings)
            create_topics(connection, plan_of(settings))
        # 2. The gateway before the worker, so that nobody who is already watching misses the first entry.
        config = gateway_config(settings, connection, broker)
        polling = polling_of(settings, connection, config.registry)
        config = replace(config, websub=polling.subscriber if polling else None)
        server = await stack.enter_async_context(listening(config))
        # 3. The worker; at the end it stops first and finishes its open transactions.
        worker = create_app(settings, connection)
        stack.push_async_callback(worker.stop)
        await worker.start()
        # 4. The pollers last; they leave their hubs, which call back at the gateway, before it closes.
        if polling is not None:
            await stack.enter_async_context(polling)
        yield Together(worker, connection, server.url)
