"""One agent at work: its consumer group, the partitions it owns there, their ledgers and what it knows of them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Protocol

from aiokafka import TopicPartition
from faust.types import TP

from streams.runtime.batch import Batch
from streams.runtime.broker import Broker
from streams.runtime.faust.app import drive, faust_app
from streams.runtime.faust.consumer import BatchConsumer
from streams.runtime.ledger.ledger import Ledger
from streams.runtime.ledger.plain import PlainLedger
from streams.runtime.ledger.transactional import TransactionalLedger
from streams.runtime.metrics import WorkerMetrics
from streams.runtime.partition.begun_feed import BegunFeed
from streams.runtime.partition.owned import Memory, OwnedPartition, Restarts
from streams.runtime.partition.ownership import Ownership

if TYPE_CHECKING:
    import faust

_TICK_SECONDS: Final = 1.0
"""Between two looks at what is due by the clock."""


class Agent(Protocol):
    """What an agent does."""

    async def process(self, batch: Batch) -> None:
        """Commit a batch, or leave it to the partition's next start."""

    async def tick(self) -> None:
        """Do what is due by the clock."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an agent is to the broker: never changed, so that old and new workers fence each other in a deploy."""

    name: str
    """In logs and metrics."""
    group: str
    """Its consumer group, and with the partition's number the transactional id of a partition's ledger."""
    source: str
    """The topic that it reads."""


class AgentHost(Generic[Memory]):
    """Runs one agent of a worker, whatever it remembers of a partition."""

    def __init__(
        self,
        identity: Identity,
        broker: Broker,
        load: Callable[[TP], Awaitable[Memory]],
        metrics: WorkerMetrics,
        begins: Mapping[int, int] | None = None,
    ) -> None:
        """`begins`: by partition, what stands before is never read, whatever the group has committed."""
        self.identity = identity
        self._begins = begins or {}
        self.ownership: Ownership[Memory] = Ownership(self._own, identity.name)
        self.faust: faust.App = faust_app(identity.group, broker, self._attach)
        self._broker = broker
        self._load = load
        self._metrics = metrics
        self._consumer: BatchConsumer | None = None
        self._agent: Agent | None = None
        metrics.expect(identity.name)

    def drive(self, agent: Agent) -> None:
        """Take the agent; to be called once, before the start."""
        self._agent = agent
        drive(self.faust, self.identity.name, self.identity.source, agent.process)
        self.faust.timer(interval=_TICK_SECONDS)(self._tick)

    # -- its life

    async def start(self) -> None:
        """Join the group; partitions are taken over as they are assigned."""
        await self.faust.start()

    async def wait(self) -> None:
        """Return when Faust has stopped."""
        await self.faust.wait_until_stopped()

    async def stop(self) -> None:
        """Finish the open transactions and leave the group."""
        await self.ownership.stop()
        await self.faust.stop()

    @property
    def failure(self) -> BaseException | None:
        """Why Faust has stopped by itself."""
        return self.faust.crash_reason

    def not_ready(self) -> str | None:
        """Return why it is not at work, or None."""
        if not self.faust.started or self.faust.rebalancing:
            return "the worker is joining its group"
        stuck = {tp.partition: owned.stuck for tp, owned in self.ownership.partitions.items() if owned.stuck}
        if stuck:
            return "; ".join(f"partition {partition} {stuck[partition]}" for partition in sorted(stuck))
        waiting = sorted(tp.partition for tp, owned in self.ownership.partitions.items() if not owned.running)
        return f"partitions are being taken over: {', '.join(map(str, waiting))}" if waiting else None

    # -- time

    async def _tick(self) -> None:
        if self._agent is not None:
            await self._agent.tick()
        name, running, stuck = self.identity.name, 0, 0
        for tp, owned in list(self.ownership.partitions.items()):
            running += owned.running
            stuck += owned.stuck is not None
            if owned.running and (left := await owned.unread()) is not None:
                self._metrics.lag.labels(agent=name, partition=tp.partition).set(left)
        self._metrics.keep_lag_of(name, (tp.partition for tp in self.ownership.partitions))
        self._metrics.partitions.labels(agent=name).set(running)
        self._metrics.stuck.labels(agent=name).set(stuck)

    # -- what it is made of

    def _attach(self, consumer: BatchConsumer) -> Ownership[Memory]:
        self._consumer = consumer
        return self.ownership

    def _own(self, tp: TP) -> OwnedPartition[Memory]:
        if self._consumer is None:
            raise RuntimeError("a partition was assigned before the consumer was made")
        session = self._broker.session_seconds
        return OwnedPartition(
            tp,
            open_ledger=self._ledger,
            load=self._load,
            feed=BegunFeed(self._consumer, self._begins) if self._begins else self._consumer,
            metrics=self._metrics,
            agent=self.identity.name,
            restarts=Restarts(fenced=session / 2, hand_over=session / 2),
        )

    def _ledger(self, tp: TP) -> Ledger:
        broker, consumer = self._broker, self._consumer
        if broker.plain_message_bytes is not None and consumer is not None:
            return PlainLedger(
                broker.connection,
                tp.partition,
                lambda offset: consumer.commit_offset(tp, offset),
                max_message_bytes=broker.plain_message_bytes,
            )
        group = self.identity.group
        return TransactionalLedger(
            broker.connection, f"{group}-{tp.partition}", group, TopicPartition(*tp), at_step=broker.at_step
        )
