"""The agents of a worker, made for a generation; nothing connects before they start."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from faust.types import TP

from schemas.newsroom import Newsroom
from streams.agents.alerts import AlertsAgent
from streams.agents.entries import EntriesAgent
from streams.agents.scope import ALL, Scope
from streams.alerts import Engine
from streams.alerts.memory import Memory as AlertsMemory
from streams.bootstrap.bounds import limits_of, thresholds_of
from streams.bootstrap.enrichers import enrichers_of
from streams.bootstrap.tracing import tracing_of
from streams.dedupe import Memory
from streams.exceptions import BrokerError, NewerMemoryError
from streams.generations.name import alerts_group_of, group_of
from streams.parse import PieceMemory
from streams.pipeline import Pipeline
from streams.runtime.agent_host import AgentHost, Identity
from streams.runtime.broker import Broker
from streams.runtime.clock import Clock, system_clock
from streams.runtime.kafka.group_start import begin_group
from streams.runtime.kafka.groups import members_of
from streams.runtime.limits import TransactionLimits
from streams.runtime.partition.load import load_memory
from streams.runtime.processor_time import ProcessorTimeLimit
from streams.runtime.worker import Hosted, Worker
from streams.settings import Settings
from streams.topology import Names


async def _always() -> None:
    return


@dataclass(frozen=True, slots=True)
class EntriesPart:
    """Which generation the agent `entries` writes, and which documents of it."""

    names: Names
    scope: Scope = ALL
    begins: Mapping[int, int] = field(default_factory=dict)
    """Where the generation begins on `liveline.raw`."""
    need_live: Callable[[], Awaitable[None]] = _always
    """Raises `LedgerError` unless the generation may be written now; asked whenever a partition is taken over."""


@dataclass(frozen=True, slots=True)
class AlertsPart:
    """Which stretch of which generation's entries the agent `alerts` reads."""

    names: Names
    begins: Mapping[int, int] = field(default_factory=dict)
    until: Mapping[int, int] = field(default_factory=dict)
    need_same: Callable[[], Awaitable[None]] = _always
    """Raises `LedgerError` unless the stretch still has this end; asked whenever a partition is taken over."""


def entries_agent(
    worker: Worker, settings: Settings, broker: Broker, part: EntriesPart, clock: Clock = system_clock
) -> Hosted:
    """Return the agent `entries` of a generation, for a worker to run."""
    names = part.names

    async def load(tp: TP) -> Memory:
        try:
            memory = await load_memory(broker.connection, names.memory, tp.partition, Memory(thresholds_of(settings)))
        except NewerMemoryError as error:  # no pause heals that: a person has to run the newer version
            worker.fail(error)
            raise
        # The partition is fenced: whoever stops this generation later fences us, whoever did it before is seen here.
        await part.need_live()
        gc.freeze()  # what is remembered stays: walking it at each collection made a decision 60 % dearer at a million
        return memory

    identity = Identity("entries", group_of(names, settings.application), names.raw)
    host = AgentHost(identity, broker, load, worker.metrics, part.begins)
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
        scope=part.scope,
    )
    host.drive(agent)

    is_warm = False

    async def warm_up() -> None:
        # In a thread: joining the group is waiting, for the broker holds back the first member of an empty one.
        nonlocal is_warm
        if not is_warm:
            await asyncio.to_thread(pipeline.warm_up)
            is_warm = True

    async def need_warm() -> None:
        # Where others are at work, partitions are not taken from them before the first document can be processed.
        if settings.embedded:
            return
        try:
            others = await asyncio.to_thread(members_of, broker.connection, identity.group)
        except BrokerError:
            return  # joining the group is more patient, and says what is wrong
        if others:
            await warm_up()

    async def take(newsroom: Newsroom) -> None:
        # What pages were made of was read by the former sources.
        agent.take(replace(agent.pipeline, newsroom=newsroom, pieces=PieceMemory()))

    return Hosted(host, before=need_warm, meanwhile=warm_up, take=take)


def alerts_agent(
    worker: Worker, settings: Settings, broker: Broker, part: AlertsPart, clock: Clock = system_clock
) -> Hosted:
    """Return the agent `alerts` over a stretch of entries, for a worker to run."""
    names, newsroom = part.names, settings.newsroom
    identity = Identity("alerts", alerts_group_of(settings.application), names.entries)

    async def load(tp: TP) -> Engine:
        try:
            memory = await load_memory(broker.connection, names.alerts_memory, tp.partition, AlertsMemory())
        except NewerMemoryError as error:
            worker.fail(error)
            raise
        await part.need_same()
        return Engine(newsroom, public_url=settings.public_url, memory=memory)

    async def begin() -> None:
        if not settings.embedded:  # there the log has only just begun
            await asyncio.to_thread(
                begin_group, broker.connection, identity.group, identity.source, settings.alerts_from
            )

    host = AgentHost(identity, broker, load, worker.metrics, part.begins)
    limits = TransactionLimits(settings.batch_max_records, settings.batch_max_bytes)
    agent = AlertsAgent(names, host.ownership, worker.metrics, clock, limits, Scope(until=part.until))
    host.drive(agent)

    async def take(changed: Newsroom) -> None:
        nonlocal newsroom
        newsroom = changed  # of what is being loaded meanwhile, too
        owned = list(host.ownership.partitions.values())
        await asyncio.gather(*(each.change(lambda engine: engine.by(changed)) for each in owned))

    # Where it goes on is told by what it has read, or by the stretch.
    return Hosted(host, before=None if part.begins else begin, take=take)
