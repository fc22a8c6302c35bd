"""From settings to a deliverer; the same for `deliver`, `up` and the demo."""

import asyncio
import contextlib
import errno
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
from prometheus_client import CollectorRegistry

from streams.archive.state import State, open_state
from streams.bootstrap.fixed_webhooks import fixed_secrets
from streams.bootstrap.sinks import targets_of, tellers_of
from streams.distribution import installed_version
from streams.embedded import EmbeddedBroker
from streams.exceptions import BrokerError, SettingsError
from streams.generations.watch import ControlWatch
from streams.runtime.clock import Clock, system_clock
from streams.runtime.http.health import HealthServer
from streams.runtime.kafka.admin import log_identity
from streams.runtime.kafka.connection import KafkaConnection
from streams.settings import Settings
from streams.sinks.metrics import SinkMetrics
from streams.sinks.teller import Teller
from streams.topology import Names
from streams.webhooks.deliverer import Deliverer, DelivererConfig, first_generation
from streams.webhooks.metrics import DelivererMetrics
from streams.webhooks.schedule import Schedule
from streams.webhooks.send import Sender, SendOptions


@dataclass(frozen=True, slots=True)
class Delivery:
    """A deliverer at work, as a part that goes on by another newsroom."""

    task: "asyncio.Task[None]"
    """Ends only by an error that a person must see to."""
    deliverer: Deliverer
    state: State
    """What it keeps; open as long as it is at work."""
    tellers: Callable[[Settings], tuple[Teller, ...]]

    async def check(self, settings: Settings) -> None:
        """Raise `SettingsError` for a webhook without its secret, or a sink without its address."""
        fixed_secrets(settings)
        targets_of(settings)

    async def take(self, settings: Settings) -> None:
        """Go on with its webhooks and sinks, from where the state database says."""
        self.deliverer.take(settings.newsroom.webhooks, fixed_secrets(settings), self.tellers(settings))


@asynccontextmanager
async def delivering(
    settings: Settings,
    connection: KafkaConnection,
    registry: CollectorRegistry,
    broker: EmbeddedBroker | None = None,
    clock: Clock = system_clock,
) -> AsyncIterator["Delivery"]:
    """Run a deliverer."""
    secrets, targets = fixed_secrets(settings), targets_of(settings)
    sink_metrics, identity = SinkMetrics(registry), _identity(connection, broker)
    async with AsyncExitStack() as stack:
        # 1. What it can't do without: a corrupt database is an error here, before anything is begun.
        state = await asyncio.to_thread(open_state, settings.state)
        stack.callback(state.close)
        watch = None
        if broker is None:  # on a broker in memory there is but one generation
            watch = ControlWatch(connection, Names(settings.topic_prefix))
            await watch.start()
            stack.push_async_callback(watch.stop)
        sender = await stack.enter_async_context(Sender(_send_options(settings)))
        config = DelivererConfig(
            kafka=connection.aiokafka(),
            log_identity=identity,
            state=state,
            sender=sender,
            schedule=Schedule(settings.webhook_schedule, random.random),
            names=Names(settings.topic_prefix),
            live=watch.known_live if watch else first_generation,
            fixed=settings.newsroom.webhooks,
            fixed_secrets=secrets,
            by_time=broker is None,
            beside=tellers_of(settings, connection, sink_metrics, state, identity, targets, clock),
            log=structlog.get_logger("liveline"),
        )
        deliverer = Deliverer(config, DelivererMetrics(registry))
        # 2. Its port, so that a supervisor sees it while it waits for the lease.
        if settings.deliver_bind is not None:
            await stack.enter_async_context(_health(settings, registry, deliverer))
        # 3. The work; at the end it lets go of the lease.
        task = asyncio.create_task(deliverer.run(), name="deliverer")

        def tellers(changed: Settings) -> tuple[Teller, ...]:
            return tellers_of(changed, connection, sink_metrics, state, identity, targets_of(changed), clock)

        try:
            yield Delivery(task, deliverer, state, tellers)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@asynccontextmanager
async def _health(settings: Settings, registry: CollectorRegistry, deliverer: Deliverer) -> AsyncIterator[None]:
    bind = settings.deliver_bind
    if bind is None:
        raise RuntimeError("nowhere to listen")
    server = HealthServer(bind.host, bind.port, registry, deliverer.not_ready)
    try:
        port = await server.start()
    except OSError as error:
        await server.stop()
        why = "another process has it" if error.errno == errno.EADDRINUSE else str(error)
        raise SettingsError(
            f"LIVELINE_DELIVER_BIND: can't listen on {bind} ({why}); expected a free host:port"
        ) from error
    structlog.get_logger("liveline").info("deliver.listens", host=bind.host, port=port)
    try:
        yield
    finally:
        await server.stop()


def _identity(connection: KafkaConnection, broker: EmbeddedBroker | None) -> Callable[[str], Awaitable[str | None]]:
    async def identity(topic: str) -> str | None:
        if broker is not None:
            return broker.log_identity
        try:
            return await asyncio.to_thread(log_identity, connection, topic)
        except BrokerError as error:
            if "there is no topic" in str(error):
                return None
            raise

    return identity


def _send_options(settings: Settings) -> SendOptions:
    return SendOptions(
        user_agent=f"Liveline/{installed_version()}",
        timeout=settings.webhook_timeout.total_seconds(),
        internal=settings.webhook_internal,
    )
