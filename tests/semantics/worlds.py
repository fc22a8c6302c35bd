"""Where the behaviour suite runs: on the broker in memory and on real Kafka, with one owner's parts in both."""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from confluent_kafka import TopicPartition as ConfluentPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)
from faust.types import TP

from schemas import Document
from schemas.envelope import document_headers
from streams.agents.entries import EntriesAgent
from streams.dedupe import Memory
from streams.embedded import LARGEST_MESSAGE_BYTES, EmbeddedBroker
from streams.pipeline import Pipeline
from streams.record import Record
from streams.runtime.batch import Batch
from streams.runtime.breaker import Breaker, BreakerLimits
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.reads import Progress, Read, Reads
from streams.runtime.ledger.ledger import Ledger
from streams.runtime.ledger.plain import PlainLedger
from streams.runtime.ledger.transactional import TransactionalLedger
from streams.runtime.metrics import WorkerMetrics
from streams.runtime.partition.load import Loads, load_memory
from streams.runtime.partition.owned import OwnedPartition, Restarts, Start
from streams.runtime.partition.ownership import Ownership
from streams.testing import FakeBroker, FakeClock, FakeFeed, FakeLedger
from streams.topology import TOPICS, Names

AtStep = Callable[[str], Awaitable[None]]
Loaded = TypeVar("Loaded", bound=Loads)
AnOwner = TypeVar("AnOwner", bound="Owner")
PARTITIONS = 2
GROUP = "liveline"


class World(ABC):
    """A broker with Liveline's topics, as one agent's workers see it."""

    names: Names
    source: str
    """The topic that the agent reads."""
    group: str

    def read_by_alerts(self) -> None:
        """Be the world of the agent alerts from now on."""
        self.source, self.group = self.names.entries, f"{self.group}-alerts"

    @abstractmethod
    async def append(
        self,
        partition: int,
        key: bytes,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes | None]],
        timestamp_ms: int | None = None,
    ) -> None:
        """Write a record of the source."""

    @abstractmethod
    async def push_in_transaction(self, body: bytes, *, commit: bool) -> None:
        """Write a raw document in a producer's own transaction, committed or aborted, to partition 0."""

    @abstractmethod
    async def delete_before(self, offset: int) -> None:
        """Delete older raw documents of partition 0, as retention does."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the broker's time."""

    @abstractmethod
    async def read(self, topic: str, partition: int = 0) -> list[Any]:
        """Return what is committed on a topic."""

    @abstractmethod
    async def committed(self, partition: int = 0) -> int | None:
        """Return the workers' committed offset."""

    @abstractmethod
    async def limit(self, size: int) -> None:
        """Let `liveline.entries` refuse larger messages."""

    @abstractmethod
    def ledger(self, tp: TP, at_step: AtStep | None) -> Ledger:
        """Return a partition's ledger."""

    @abstractmethod
    async def load(self, topic: str, partition: int, memory: Loaded) -> Loaded:
        """Let a memory take up what is committed of it."""

    @abstractmethod
    def feed(self) -> contextlib.AbstractAsyncContextManager[Any]:
        """Return a consumer."""

    async def push(self, *bodies: bytes, partition: int = 0, source: str = "evening-post") -> None:
        """Write raw documents."""
        for number, body in enumerate(bodies):
            await self.append(partition, *raw(body, f"{source}-{number}", partition, source))

    async def revisions(self, partition: int = 0) -> list[tuple[str, int, str]]:
        """Return what stands on `liveline.entries`: post, revision, headline."""
        said = [orjson.loads(record.value) for record in await self.read(self.names.entries, partition)]
        return [(entry.get("source_post_id"), entry["revision"], entry.get("headline", "")) for entry in said]

    @contextlib.asynccontextmanager
    async def owner(self, at_step: AtStep | None = None, **options: Any) -> AsyncIterator["Owner"]:
        """Return an owner of all partitions for the agent entries, at work; it is closed in good order at the end."""
        async with self.at_work(Owner, at_step, **options) as owner:
            yield owner

    @contextlib.asynccontextmanager
    async def at_work(
        self, kind: type[AnOwner], at_step: AtStep | None = None, **options: Any
    ) -> AsyncIterator[AnOwner]:
        """Return an owner of all partitions of any agent."""
        async with self.feed() as feed:
            owner = kind(self, feed, at_step, **options)
            try:
                await owner.take_over()
                yield owner
            finally:
                await owner.ownership.stop()


class Owner:
    """One worker's parts without Faust: ownership, agent, and a loop that fetches."""

    agent: Any
    name = "entries"

    def __init__(self, world: World, feed: Any, at_step: AtStep | None, **options: Any) -> None:
        self.world, self.feed = world, feed
        self.clock = FakeClock()
        self.loads: list[int] = []
        self.failure: Exception | None = None
        self.metrics = WorkerMetrics()
        self.metrics.expect(self.name)
        restarts = Restarts(first=0.01, most=0.05, fenced=0.05, hand_over=1.0)
        self.ownership: Ownership[Any] = Ownership(
            lambda tp: OwnedPartition(
                tp,
                open_ledger=lambda tp: world.ledger(tp, at_step),
                load=self.load,
                feed=feed,
                metrics=self.metrics,
                agent=self.name,
                restarts=restarts,
            )
        )
        self.tps = {TP(world.source, partition) for partition in range(PARTITIONS)}
        self.make(**options)

    def make(self, *, pipeline: Pipeline | None = None, most_bugs: int = 25) -> None:
        """Make the agent."""
        self.agent = EntriesAgent(
            pipeline=pipeline or Pipeline(),
            names=self.world.names,
            ownership=self.ownership,
            metrics=self.metrics,
            stop_worker=lambda failure: setattr(self, "failure", failure),
            clock=self.clock,
            breaker=Breaker(BreakerLimits(failures=most_bugs)),
        )

    async def load(self, tp: TP) -> Any:
        """Return what the agent remembers of a partition."""
        self.loads.append(tp.partition)
        return await self.world.load(self.world.names.memory, tp.partition, Memory())

    async def take_over(self, tps: Iterable[TP] | None = None) -> None:
        """Be assigned the partitions and wait until all are at work."""
        await self.ownership.assign(self.tps if tps is None else tps)
        await until(lambda: all(owned.running for owned in self.ownership.partitions.values()))

    async def fetch(self) -> list[Batch]:
        """Return the batches that have arrived, handed over as the consumer does."""
        wanting = self.ownership.wanting()
        batches = []
        for read in await self.feed.fetch(wanting) if wanting else ():
            owned = self.ownership.partitions[read.tp]
            batch = Batch(read.tp, owned.epoch, read.records, read.start, read.end)
            owned.hand_over(batch)
            batches.append(batch)
        return batches

    def release_hand_over(self) -> None:
        """Let every partition want records although a batch that was handed over never came."""
        for owned in self.ownership.partitions.values():
            owned._handed_over = False

    def count(self, metric: str, **labels: str) -> float:
        """Return what a metric has counted."""
        return self.metrics.registry.get_sample_value(metric, {"agent": self.name, **labels}) or 0.0

    async def work(self) -> None:
        """Process until nothing has arrived for a while and no partition is starting again."""
        idle = 0
        while idle < 3:
            batches = await self.fetch()
            await asyncio.gather(*(self.agent.process(batch) for batch in batches))
            running = all(owned.running for owned in self.ownership.partitions.values())
            idle = 0 if batches or not running else idle + 1
            await asyncio.sleep(0.02)


def raw(
    body: bytes, name: str, partition: int = 0, source: str = "evening-post"
) -> tuple[bytes, bytes, list[tuple[str, bytes]]]:
    """Return a raw document as key, value and headers."""
    document = Document(
        id=name,
        source_id=source,
        coverage_id=f"harbour-fire-{partition}",
        received_at=FakeClock()(),
        content_type="application/vnd.liveline.post+json",
        body=body,
    )
    return document.coverage_id.encode(), body, list(document_headers(document))


async def until(true: Callable[[], bool]) -> None:
    """Wait for a condition, within a bound."""
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.005)


class FakeWorld(World):
    """The broker in memory."""

    def __init__(self) -> None:
        self.names = Names()
        self.source, self.group = self.names.raw, GROUP
        self.clock = FakeClock()
        self.broker = FakeBroker(self.clock)

    async def append(
        self,
        partition: int,
        key: bytes,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes | None]],
        timestamp_ms: int | None = None,
    ) -> None:
        """Write a record of the source."""
        self.broker.append(self.source, partition, key, value, tuple(headers), timestamp_ms)

    def now(self) -> datetime:
        """Return the broker's time."""
        return self.clock()

    async def push_in_transaction(self, body: bytes, *, commit: bool) -> None:
        """Write a raw document in a transaction; the broker in memory writes no markers."""
        epoch = self.broker.open("producer")
        self.broker.begin("producer", epoch)
        key, value, headers = raw(body, "transacted")
        self.broker.send("producer", epoch, 0, Record(self.names.raw, key, value, tuple(headers)))
        (self.broker.commit if commit else self.broker.abort)("producer", epoch)

    async def delete_before(self, offset: int) -> None:
        """Delete older raw documents."""
        self.broker.delete_before(self.names.raw, 0, offset)

    async def read(self, topic: str, partition: int = 0) -> list[Any]:
        """Return what is committed."""
        return self.broker.read(topic, partition)

    async def committed(self, partition: int = 0) -> int | None:
        """Return the committed offset."""
        return self.broker.committed(self.group, self.source, partition)

    async def limit(self, size: int) -> None:
        """Refuse larger messages on `liveline.entries`."""
        self.broker.max_bytes[self.names.entries] = size

    def ledger(self, tp: TP, at_step: AtStep | None) -> Ledger:
        """Return a ledger with the partition's id."""
        return FakeLedger(self.broker, f"{self.group}-{tp.partition}", self.group, tp, at_step=at_step)

    async def load(self, topic: str, partition: int, memory: Loaded) -> Loaded:
        """Return the committed memory."""
        for record in self.broker.read(topic, partition):
            memory.load(record.key or b"", record.value)
        return memory

    @contextlib.asynccontextmanager
    async def feed(self) -> AsyncIterator[FakeFeed]:
        """Return a consumer."""
        yield FakeFeed(self.broker, self.group)


class KafkaWorld(World):
    """Real Kafka, under a prefix of its own."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self.names = Names(prefix)
        self.source, self.group = self.names.raw, f"{prefix}{GROUP}"
        self.connection = KafkaConnection(bootstrap)
        admin = AdminClient({"bootstrap.servers": bootstrap})
        # Records have their documents' times, which are years ago here: without this Kafka would delete them.
        kept = {"retention.ms": "-1"}
        wanted = [NewTopic(self.names.of(topic.role), PARTITIONS, 1, config=topic.config() | kept) for topic in TOPICS]
        for future in admin.create_topics(wanted).values():
            future.result()

    async def append(
        self,
        partition: int,
        key: bytes,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes | None]],
        timestamp_ms: int | None = None,
    ) -> None:
        """Write a record of the source; compressed, so that a message may hold much more than its own size."""
        async with AIOKafkaProducer(
            **self.connection.aiokafka(), max_request_size=64 * 1024 * 1024, compression_type="zstd"
        ) as producer:
            await producer.send_and_wait(
                self.source,
                value,
                key,
                partition=partition,
                headers=list(headers),
                timestamp_ms=timestamp_ms,
            )

    def now(self) -> datetime:
        """Return the broker's time."""
        return datetime.now(UTC)

    async def push_in_transaction(self, body: bytes, *, commit: bool) -> None:
        """Write a raw document in a transaction, whose marker takes an offset."""
        options = {"transactional_id": f"{self.names.raw}-producer"}
        async with AIOKafkaProducer(**self.connection.aiokafka(), **options) as producer:
            await producer.begin_transaction()
            key, value, headers = raw(body, "transacted")
            await producer.send_and_wait(self.names.raw, value, key, partition=0, headers=headers)
            await (producer.commit_transaction() if commit else producer.abort_transaction())

    async def delete_before(self, offset: int) -> None:
        """Delete older raw documents."""
        admin = AdminClient({"bootstrap.servers": self.connection.bootstrap})
        for future in admin.delete_records([ConfluentPartition(self.names.raw, 0, offset)]).values():
            future.result()

    async def read(self, topic: str, partition: int = 0) -> list[Any]:
        """Return what is committed."""
        source, found = TopicPartition(topic, partition), []
        async with AIOKafkaConsumer(
            **self.connection.aiokafka(), isolation_level="read_committed", enable_auto_commit=False
        ) as consumer:
            consumer.assign([source])
            await consumer.seek_to_beginning(source)
            end = (await consumer.end_offsets([source]))[source]
            async with asyncio.timeout(20):
                while await consumer.position(source) < end:
                    for records in (await consumer.getmany(source, timeout_ms=100)).values():
                        found += records
        return found

    async def committed(self, partition: int = 0) -> int | None:
        """Return the committed offset."""
        async with AIOKafkaConsumer(
            **self.connection.aiokafka(), group_id=self.group, enable_auto_commit=False
        ) as consumer:
            found: int | None = await consumer.committed(TopicPartition(self.source, partition))
            return found

    async def limit(self, size: int) -> None:
        """Refuse larger messages on `liveline.entries`."""
        entry = ConfigEntry("max.message.bytes", str(size), incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.TOPIC, self.names.entries, incremental_configs=[entry])
        admin = AdminClient({"bootstrap.servers": self.connection.bootstrap})
        for future in admin.incremental_alter_configs([resource]).values():
            future.result()

    def ledger(self, tp: TP, at_step: AtStep | None) -> Ledger:
        """Return a ledger with the partition's id."""
        source = TopicPartition(*tp)
        return TransactionalLedger(self.connection, f"{self.group}-{tp.partition}", self.group, source, at_step=at_step)

    async def load(self, topic: str, partition: int, memory: Loaded) -> Loaded:
        """Return the committed memory."""
        return await load_memory(self.connection, topic, partition, memory)

    @contextlib.asynccontextmanager
    async def feed(self) -> AsyncIterator["KafkaFeed"]:
        """Return a consumer."""
        consumer = AIOKafkaConsumer(
            **self.connection.aiokafka(),
            group_id=self.group,
            enable_auto_commit=False,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            fetch_max_wait_ms=100,  # after a seek, the fetch of the former position ends first
        )
        await consumer.start()
        consumer.assign([TopicPartition(self.source, partition) for partition in range(PARTITIONS)])
        try:
            yield KafkaFeed(consumer)
        finally:
            await consumer.stop()


class EmbeddedWorld(KafkaWorld):
    """The broker for trying out, with its own ledger."""

    def __init__(self, broker: EmbeddedBroker, prefix: str) -> None:
        self.names = Names(prefix)
        self.source, self.group = self.names.raw, f"{prefix}{GROUP}"
        self.connection = KafkaConnection(broker.bootstrap)
        self._consumer: AIOKafkaConsumer | None = None
        for topic in TOPICS:
            broker.create_topic(self.names.of(topic.role), PARTITIONS)

    def ledger(self, tp: TP, at_step: AtStep | None) -> Ledger:
        """Return a ledger that commits as the consumer does."""
        _ = at_step  # it has no transaction whose steps it could say

        async def commit_offset(offset: int) -> None:
            assert self._consumer
            await self._consumer.commit({TopicPartition(*tp): offset})

        return PlainLedger(self.connection, tp.partition, commit_offset, max_message_bytes=LARGEST_MESSAGE_BYTES)

    @contextlib.asynccontextmanager
    async def feed(self) -> AsyncIterator["KafkaFeed"]:
        """Return a consumer."""
        async with super().feed() as feed:
            self._consumer = feed.consumer
            yield feed


class KafkaFeed:
    """A consumer that is assigned by hand: what the group would do is the integration tests' matter."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self.consumer = self._consumer = consumer
        self._reads = Reads(consumer)

    async def start_offset(self, tp: TP) -> Start:
        """Return where the partition begins and what is committed of it."""
        source = TopicPartition(*tp)
        beginning = (await self._consumer.beginning_offsets([source]))[source]
        return Start(beginning, await self._consumer.committed(source))

    async def seek(self, tp: TP, offset: int) -> None:
        """Fetch from this offset next."""
        self._reads.seek(tp, offset)

    def wake(self) -> None:
        """Nothing waits."""

    async def progress(self, tp: TP) -> Progress | None:
        """Return how far a partition is read."""
        return self._reads.progress(tp)

    async def fetch(self, tps: Iterable[TP]) -> list[Read]:
        """Return what has arrived."""
        return await self._reads.fetch(set(tps), 0.2, asyncio.Event())
