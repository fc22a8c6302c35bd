"""The worker's composition root: `create_app(settings)` makes it, nothing connects before it starts."""

import logging

from streams.bootstrap.embedded_manager import EmbeddedManager
from streams.bootstrap.follow_live import FollowLive
from streams.embedded import FETCH_WAIT_MS, LARGEST_MESSAGE_BYTES, RESTING_FETCH_WAIT_MS, SESSION_TIMEOUT_MS
from streams.runtime.broker import AtStep, Broker
from streams.runtime.clock import Clock, system_clock
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.header_names import accept_any_header_name
from streams.runtime.metrics import WorkerMetrics
from streams.runtime.worker import Worker
from streams.settings import Settings
from streams.telemetry.process_metrics import process_registry


def create_app(
    settings: Settings,
    connection: KafkaConnection,
    *,
    clock: Clock = system_clock,
    at_step: AtStep | None = None,
) -> Worker:
    """Return a worker that is not started; to be called within a running event loop."""
    quiet_faust()
    bind = settings.worker_bind
    worker = Worker(
        WorkerMetrics(process_registry("worker")),
        shutdown_seconds=settings.shutdown_timeout.total_seconds(),
        bind=(bind.host, bind.port) if bind else None,
    )
    broker = broker_of(settings, connection, at_step)
    managers = EmbeddedManager if settings.embedded else FollowLive
    manager = managers(worker, settings, broker, clock)
    worker.manager = manager
    for each in manager.at_first():
        worker.host(each)
    return worker


def quiet_faust() -> None:
    """Set what Faust and its client need before the first of them is made."""
    logging.getLogger("faust").setLevel(logging.WARNING)  # Faust builds debug records whatever the level: costly
    accept_any_header_name()


def broker_of(settings: Settings, connection: KafkaConnection, at_step: AtStep | None = None) -> Broker:
    """Return what the agents are told of the broker."""
    if settings.embedded:
        return Broker(
            connection, SESSION_TIMEOUT_MS / 1000, FETCH_WAIT_MS, RESTING_FETCH_WAIT_MS, LARGEST_MESSAGE_BYTES, at_step
        )
    return Broker(connection, settings.session_timeout.total_seconds(), at_step=at_step)
