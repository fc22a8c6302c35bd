"""The worker's composition root: `create_app(settings)` makes it, nothing connects before it starts."""

import asyncio
import gc
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from faust.types import TP
from prometheus_client import CollectorRegistry

from streams.agents.alerts import AlertsAgent
from streams.agents.entries import EntriesAgent
from streams.agents.scope import ALL, Scope
from streams.alerts import Engine
from streams.alerts.memory import Memory as AlertsMemory
from streams.bootstrap.bounds import limits_of, thresholds_of
from streams.dedupe import Memory
from streams.embedded import FETCH_WAIT_MS, LARGEST_MESSAGE_BYTES, SESSION_TIMEOUT_MS
from streams.exceptions import NewerMemoryError
from streams.generations.name import group_of
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
from streams.topology import Names


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
        WorkerMetrics(CollectorRegistry()),
        shutdown_seconds=settings.shutdown_timeout.total_seconds(),
        bind=(bind.host, bind.port) if bind else None,
    )
    broker = broker_of(settings, connection, at_step)
    host_entries(worker, settings, broker, EntriesPart(Names(settings.topic_prefix)), clock)
    if settings.newsroom.alerts:
        _host_alerts(worker, settings, broker, clock)
    return worker


def quiet_faust() -> None:
    """Set what Faust and its client need before the first of them is made."""
    logging.getLogger("faust").setLevel(logging.WARNING)  # Faust builds debug records whatever the level: costly
    accept_any_header_name()


@dataclass(frozen=True, slots=True)
class EntriesPart:
    """Which generation the agent `entries` writes, and which documents of it."""

    names: Names
    scope: Scope = ALL
    begins: Mapping[int, int] = field(default_factory=dict)
    """Where the generation begins on `liveline.raw`."""


def broker_of(settings: Settings, connection: KafkaConnection, at_step: AtStep | None = None) -> Broker:
    """Return what the agents are told of the broker."""
    if settings.embedded:
        return Broker(connection, SESSION_TIMEOUT_MS / 1000, FETCH_WAIT_MS, LARGEST_MESSAGE_BYTES, at_step)
    return Broker(connection, settings.session_timeout.total_seconds(), at_step=at_step)


def host_entries(
    worker: Worker, settings: Settings, broker: Broker, part: EntriesPart, clock: Clock = system_clock
) -> AgentHost[Memory]:
    """Let a worker run the agent `entries` of a generation."""
    names = part.names

    async def load(tp: TP) -> Memory:
        try:
            memory = await load_memory(broker.connection, names.memory, tp.partition, Memory(thresholds_of(settings)))
        except NewerMemoryError as error:  # no pause heals that: a person has to run the newer version
            worker.fail(error)
            raise
        gc.freeze()  # what is remembered stays: walking it at each collection made a decision 60 % dearer at a million
        return memory

    identity = Identity("entries", group_of(names, settings.application), names.raw)
    host = AgentHost(identity, broker, load, worker.metrics, part.begins)
    pipeline = Pipeline(
        settings.newsroom,
        limits_of(settings),
        ProcessorTimeLimit(settings.parse_timeout),
        watch=worker.metrics.time_enricher,
    )
    agent = EntriesAgent(
        pipeline=pipeline,
        names=names,
        ownership=host.ownership,
        metrics=worker.metrics,
        stop_worker=worker.fail,
        clock=clock,
        limits=TransactionLimits(settings.batch_max_records, settings.batch_max_bytes),
        scope=part.scope,
    )
    host.drive(agent)

    async def warm_up() -> None:
        # In a thread: joining the group is waiting, and after a crash it waits for the former owner's session to end.
        await asyncio.to_thread(pipeline.warm_up)

    worker.host(host, meanwhile=warm_up)
    return host


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
