"""Broker, topics, worker, gateway and deliverer in one process: `liveline up` and the demo."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog
from prometheus_client import CollectorRegistry

from streams.bootstrap.deliverer import delivering
from streams.bootstrap.heartbeats import at_work, beating, tell_gateway, tell_sinks, tell_worker
from streams.bootstrap.pollers import PollPart, leases_of, polling_of
from streams.bootstrap.reload import Part
from streams.bootstrap.reload_worker import WorkerPart
from streams.bootstrap.run_token import desk_address, with_run_token
from streams.bootstrap.wiring import connection_to, gateway_config, listening, plan_of
from streams.bootstrap.worker import create_app
from streams.embedded import LIMITS, EmbeddedBroker
from streams.runtime.kafka.admin import create_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.worker import Worker
from streams.settings import Settings

if TYPE_CHECKING:
    import asyncio

log = structlog.get_logger("liveline")


@dataclass(frozen=True, slots=True)
class Together:
    """What runs, and where it is reached."""

    worker: Worker
    connection: KafkaConnection
    url: str
    """The gateway's base URL."""
    desk: str | None
    """The editors' page with the token that was made for this run; None where a token is configured."""
    settings: Settings
    """What it runs by."""
    registry: CollectorRegistry
    parts: tuple[Part, ...]
    """What goes on by another newsroom."""


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
        settings, made = with_run_token(settings)
        # 2. The gateway before the worker, so that nobody who is already watching misses the first entry.
        config = gateway_config(settings, connection, broker, process="up")
        leases = leases_of(settings)
        polling = polling_of(settings, connection, config.registry, turns=leases)
        config = replace(config, websub=polling.subscriber)
        server = await stack.enter_async_context(listening(config))
        # 3. The worker; at the end it stops first and finishes its open transactions.
        worker = create_app(settings, connection)
        stack.push_async_callback(worker.stop)
        await worker.start()
        # 4. The pollers last; they leave their hubs, which call back at the gateway, before it closes.
        if leases is not None:
            await stack.enter_async_context(leases)
        await stack.enter_async_context(polling)
        # 5. The deliverer; what it has not sent when it stops stays in the state database.
        delivery = await stack.enter_async_context(delivering(settings, connection, config.registry, broker))
        delivery.task.add_done_callback(lambda task: _stop_with(worker, task))
        # 6. The sign of life of all of them.
        tells = (tell_worker(worker), tell_gateway(settings, server.hub), tell_sinks(delivery.state))
        await stack.enter_async_context(beating(settings, connection, "up", *tells, watch=lambda: at_work(worker)))
        parts = (WorkerPart(worker), server.front, PollPart(polling, leases), delivery)
        yield Together(worker, connection, server.url, desk_address(server.url, made), settings, config.registry, parts)


def _stop_with(worker: Worker, delivery: "asyncio.Task[None]") -> None:
    """Stop everything for an error of the deliverer that a person must see to."""
    if not delivery.cancelled() and isinstance(error := delivery.exception(), Exception):
        worker.fail(error)
