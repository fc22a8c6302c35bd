"""The worker's composition root: `create_app(settings)` makes it, nothing connects before it starts."""

import asyncio
import gc
import logging

from faust.types import TP

from streams.agents.alerts import AlertsAgent
from streams.agents.entries import EntriesAgent
from streams.alerts import Engine
from streams.alerts.memory import Memory as AlertsMemory
from streams.bootstrap.bounds import limits_of, thresholds_of
from streams.bootstrap.enrichers import enrichers_of
from streams.bootstrap.tracing import tracing_of
from streams.dedupe import Memory
from streams.embedded import FETCH_WAIT_MS, LARGEST_MESSAGE_BYTES, RESTING_FETCH_WAIT_MS, SESSION_TIMEOUT_MS
from streams.exceptions import NewerMemoryError
from streams.pipeline import Pipeline
from streams.runtime.agent_host import AgentHost, Identity
from streams.runtime.broker import AtStep, Broker
from streams.runtime.clock import Clock, system_clock
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.group_start import begin_group
from streams.runtime.kafka.header_names import accept_any_header_name
from streams.runtime.limits import TransactionLimits
from streams.runtime.metrics import WorkerMetrics
from streams.runtime.partition.load import load_memory
from streams.runtime.processor_time import ProcessorTimeLimit
from streams.runtime.worker import Worker
from streams.settings import Settings
from streams.telemetry.process_metrics import process_registry
from streams.topology import Names


def create_app(
    settings: Settings,
    connection: KafkaConnection,
    *,
    clock: Clock = system_clock,
    at_step: AtStep | None = None,
) -> Worker:
    """Return a worker that is not started; to be called within a running event loop."""
    logging.getLogger("faust").setLevel(logging.WARNING)  # Faust builds debug records whatever the level: costly
    accept_any_header_name()
    bind = settings.worker_bind
    worker = Worker(
        WorkerMetrics(process_registry("worker")),
        shutdown_seconds=settings.shutdown_timeout.total_seconds(),
        bind=(bind.host, bind.port) if bind else None,
    )
    broker = broker_of(settings, connection, at_step)
    _host_entries(worker, settings, broker, clock)
    if settings.newsroom.alerts:
        _host_alerts(worker, settings, broker, clock)
    return worker


def broker_of(settings: Settings, connection: KafkaConnection, at_step: AtStep | None = None) -> Broker:
    """Return what the agents are told of the broker."""
    if settings.embedded:
        return Broker(
            connection, SESSION_TIMEOUT_MS / 1000, FETCH_WAIT_MS, RESTING_FETCH_WAIT_MS, LARGEST_MESSAGE_BYTES, at_step
        )
    return Broker(connection, settings.session_timeout.total_seconds(), at_step=at_step)


def _host_entries(worker: Worker, settings: Settings, broker: Broker, clock: Clock) -> None:
    names = Names(settings.topic_prefix)

    async def load(tp: TP) -> Memory:
        try:
            memory = await load_memory(broker.connection, names.memory, tp.partition, Memory(thresholds_of(settings)))
        except NewerMemoryError as error:  # no pause heals that: a person has to run the newer version
            worker.fail(error)
            raise
        gc.freeze()  # what is remembered stays: walking it at each collection made a decision 60 % dearer at a million
        return memory

    host = AgentHost(Identity("entries", settings.application, names.raw), broker, load, worker.metrics)
    pipeline = Pipeline(
        settings.newsroom,
        limits_of(settings),
        ProcessorTimeLimit(settings.parse_timeout, settings.enrich_timeout),
        watch=worker.metrics.time_enricher,
        enrichers=enrichers_of(settings),
    )
    agent = EntriesAgent(
        pipeline=pipeline,
        names=names,
        ownership=host.ownership,
        metrics=worker.metrics,
        stop_worker=worker.fail,
        clock=clock,
        limits=TransactionLimits(settings.batch_max_records, settings.batch_max_bytes),
        tracing=tracing_of(settings, "worker"),
    )
    host.drive(agent)

    async def warm_up() -> None:
        # In a thread: joining the group is waiting, and after a crash it waits for the former owner's session to end.
        await asyncio.to_thread(pipeline.warm_up)

    worker.host(host, meanwhile=warm_up)


def _host_alerts(worker: Worker, settings: Settings, broker: Broker, clock: Clock) -> None:
    names = Names(settings.topic_prefix)
    identity = Identity("alerts", f"{settings.application}-alerts", names.entries)

    async def load(tp: TP) -> Engine:
        try:
            memory = await load_memory(broker.connection, names.alerts_memory, tp.partition, AlertsMemory())
        except NewerMemoryError as error:
            worker.fail(error)
            raise
        return Engine(settings.newsroom, public_url=settings.public_url, memory=memory)

    async def begin() -> None:
        if not settings.embedded:  # there the log has only just begun
            await asyncio.to_thread(
                begin_group, broker.connection, identity.group, identity.source, settings.alerts_from
            )

    host = AgentHost(identity, broker, load, worker.metrics)
    limits = TransactionLimits(settings.batch_max_records, settings.batch_max_bytes)
    host.drive(AlertsAgent(names, host.ownership, worker.metrics, clock, limits))
    worker.host(host, before=begin)
