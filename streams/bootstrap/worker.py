"""The worker's composition root: `create_app(settings)` makes it, nothing connects before it starts."""

import asyncio
import gc
import logging
import tempfile
from collections.abc import Awaitable, Callable
from typing import Any

import faust
import structlog
from aiokafka import TopicPartition
from aiokafka.errors import InvalidProducerEpoch, ProducerFenced
from faust.serializers import codecs
from faust.types import TP
from prometheus_client import CollectorRegistry
from yarl import URL

from streams.agents.entries import EntriesAgent, TransactionLimits
from streams.bootstrap.bounds import limits_of, thresholds_of
from streams.dedupe import Memory
from streams.embedded import FETCH_WAIT_MS, LARGEST_MESSAGE_BYTES, SESSION_TIMEOUT_MS
from streams.exceptions import NewerMemoryError
from streams.pipeline import Pipeline
from streams.runtime.batch import batch_serializer
from streams.runtime.clock import Clock, system_clock
from streams.runtime.faust.consumer import BatchConsumer, batch_transport
from streams.runtime.faust.no_tables import NoTables
from streams.runtime.http.health import HealthServer
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.header_names import accept_any_header_name
from streams.runtime.ledger.ledger import Ledger
from streams.runtime.ledger.plain import PlainLedger
from streams.runtime.ledger.transactional import TransactionalLedger
from streams.runtime.metrics import WorkerMetrics
from streams.runtime.partition.load import load_memory
from streams.runtime.partition.owned import OwnedPartition, Restarts
from streams.runtime.partition.ownership import Ownership
from streams.runtime.processor_time import ProcessorTimeLimit
from streams.settings import Settings
from streams.topology import Names

log = structlog.get_logger(__name__)

AtStep = Callable[[str], Awaitable[None]]
_TICK = 1.0  # seconds between two looks at embargoes and quiet coverages
_AGENTS = 16  # batches of different partitions whose transactions may be under way at once


class Worker:
    """Faust with our transport, and the agents on it; made by `create_app`."""

    def __init__(
        self, settings: Settings, connection: KafkaConnection, *, clock: Clock, at_step: AtStep | None
    ) -> None:
        self._settings = settings
        self._connection = connection
        self._names = Names(settings.topic_prefix)
        self._at_step = at_step
        self.metrics = WorkerMetrics(CollectorRegistry())
        self.failure: Exception | None = None
        """Why the worker stops by itself."""
        self._session = SESSION_TIMEOUT_MS / 1000 if settings.embedded else settings.session_timeout.total_seconds()
        self._stopping = asyncio.Event()
        self._consumer: BatchConsumer | None = None
        self.ownership = Ownership(self._own)
        self.agent = EntriesAgent(
            pipeline=Pipeline(settings.newsroom, limits_of(settings), ProcessorTimeLimit(settings.parse_timeout)),
            names=self._names,
            ownership=self.ownership,
            metrics=self.metrics,
            stop_worker=self.fail,
            clock=clock,
            limits=TransactionLimits(settings.batch_max_records, settings.batch_max_bytes),
        )
        self.faust = self._faust()
        bind = settings.worker_bind
        self._health = HealthServer(bind.host, bind.port, self.metrics.registry, self.not_ready) if bind else None

    # -- its life

    async def start(self) -> None:
        """Join the group; partitions are taken over as they are assigned."""
        asyncio.get_running_loop().set_exception_handler(_quiet_about_fences)
        if self._health:
            await self._health.start()
        # In a thread: joining the group is waiting, and after a crash it waits for the former owner's session to end.
        await asyncio.gather(self.faust.start(), asyncio.to_thread(self.agent.pipeline.warm_up))

    async def wait(self) -> None:
        """Return when the worker is told to stop, or raise why it can't go on."""
        crashed = asyncio.ensure_future(self.faust.wait_until_stopped())
        told = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({crashed, told}, return_when=asyncio.FIRST_COMPLETED)
        crashed.cancel()
        told.cancel()
        if failure := self.failure or self.faust.crash_reason:
            raise failure

    async def stop(self) -> None:
        """Finish the open transactions within a bound, leave the group, and close."""
        self._stopping.set()
        try:
            async with asyncio.timeout(self._settings.shutdown_timeout.total_seconds()):
                await self.ownership.stop()
                await self.faust.stop()
                if self._health:
                    await self._health.stop()
        except TimeoutError:
            log.warning("stopped with work at hand; the next owner starts from what is committed")

    def tell(self) -> None:
        """Tell the worker to stop: what a signal handler calls."""
        self._stopping.set()

    def fail(self, failure: Exception) -> None:
        """Stop the worker for a reason that a person must see to."""
        self.failure = failure
        self._stopping.set()

    def not_ready(self) -> str | None:
        """Return why the worker is not at work, or None."""
        if self.failure:
            return str(self.failure)
        if not self.faust.started or self.faust.rebalancing:
            return "the worker is joining its group"
        stuck = {tp.partition: owned.stuck for tp, owned in self.ownership.partitions.items() if owned.stuck}
        if stuck:
            return "; ".join(f"partition {partition} {stuck[partition]}" for partition in sorted(stuck))
        waiting = sorted(tp.partition for tp, owned in self.ownership.partitions.items() if not owned.running)
        return f"partitions are being taken over: {', '.join(map(str, waiting))}" if waiting else None

    # -- what it is made of

    def _faust(self) -> faust.App:
        codecs.register("batch", batch_serializer())
        app = faust.App(
            self._settings.application,
            broker=[URL(f"kafka://{server}") for server in self._connection.bootstrap.split(",")],
            datadir=tempfile.mkdtemp(prefix="liveline-faust-"),  # without tables Faust keeps nothing of worth in it
            loghandlers=[],
            topic_allow_declare=False,  # `liveline topics create` makes them, explicitly
            topic_disable_leader=True,
            web_enabled=False,
            web_tables_enabled=False,
            web_router_enabled=False,
            broker_session_timeout=self._session,
            broker_request_timeout=max(40.0, self._session),
            broker_heartbeat_interval=self._session / 4,
            stream_recovery_delay=0.0,
            TableManager=NoTables,
            stream_wait_empty=False,  # our own hand-over waits, within a bound
        )
        wait = {"fetch_wait_ms": FETCH_WAIT_MS} if self._settings.embedded else {}
        transport = batch_transport(self._connection, self._attach, session_timeout=self._session, **wait)
        app.transport = transport(app.conf.broker, app)
        topic = app.topic(self._names.raw, key_serializer="raw", value_serializer="batch", acks=False)
        app.agent(topic, name="entries", concurrency=_AGENTS)(self.agent.run)
        app.timer(interval=_TICK)(self._tick)
        return app

    def _attach(self, consumer: BatchConsumer) -> Ownership:
        self._consumer = consumer
        return self.ownership

    async def _tick(self) -> None:
        await self.agent.tick()
        running = stuck = 0
        for tp, owned in list(self.ownership.partitions.items()):
            running += owned.running
            stuck += owned.stuck is not None
            if self._consumer and owned.running and (end := await self._consumer.end_offset(tp)) is not None:
                self.metrics.lag.labels(partition=tp.partition).set(max(0, end - owned.position))
        self.metrics.keep_lag_of(tp.partition for tp in self.ownership.partitions)
        self.metrics.partitions.set(running)
        self.metrics.stuck.set(stuck)

    def _own(self, tp: TP) -> OwnedPartition:
        if self._consumer is None:
            raise RuntimeError("a partition was assigned before the consumer was made")
        return OwnedPartition(
            tp,
            open_ledger=self._ledger,
            load=self._load,
            feed=self._consumer,
            metrics=self.metrics,
            restarts=Restarts(fenced=self._session / 2, hand_over=self._session / 2),
        )

    async def _load(self, tp: TP) -> Memory:
        try:
            memory = await load_memory(
                self._connection, self._names.memory, tp.partition, thresholds_of(self._settings)
            )
        except NewerMemoryError as error:  # no pause heals that: a person has to run the newer version
            self.fail(error)
            raise
        gc.freeze()  # what is remembered stays: walking it at each collection made a decision 60 % dearer at a million
        return memory

    def _ledger(self, tp: TP) -> Ledger:
        consumer = self._consumer
        if self._settings.embedded and consumer is not None:
            return PlainLedger(
                self._connection,
                tp.partition,
                lambda offset: consumer.commit_offset(tp, offset),
                max_message_bytes=LARGEST_MESSAGE_BYTES,
            )
        group = self._settings.application
        return TransactionalLedger(
            self._connection, f"{group}-{tp.partition}", group, TopicPartition(*tp), at_step=self._at_step
        )


def _quiet_about_fences(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing of a fenced producer's futures: aiokafka leaves some behind, and the ledger has said what matters."""
    if not isinstance(context.get("exception"), ProducerFenced | InvalidProducerEpoch):
        loop.default_exception_handler(context)


def create_app(
    settings: Settings,
    connection: KafkaConnection,
    *,
    clock: Clock = system_clock,
    at_step: AtStep | None = None,
) -> Worker:
    """Return a worker that is not started; to be called within a running event loop.

    `at_step` is told each step of a transaction (`begin`, `sent`, `offset`, `committed`): tests kill the process there.
    """
    logging.getLogger("faust").setLevel(logging.WARNING)  # Faust builds debug records whatever the level: costly
    accept_any_header_name()
    return Worker(settings, connection, clock=clock, at_step=at_step)
