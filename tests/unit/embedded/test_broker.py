"""The embedded broker with the clients that Liveline uses: what it can do, and where its documented limits are."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import CorruptRecordException, KafkaError

from streams.embedded import FETCH_WAIT_MS, LARGEST_MESSAGE_BYTES, LIMITS, SESSION_TIMEOUT_MS, EmbeddedBroker
from streams.exceptions import BrokerError

TOPIC = "news"


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    """Start a broker with one topic of three partitions."""
    with EmbeddedBroker() as broker:
        broker.create_topic(TOPIC, 3)
        yield broker


@asynccontextmanager
async def producing(broker: EmbeddedBroker) -> AsyncIterator[AIOKafkaProducer]:
    """Start a producer as the plain ledger has one: idempotent, no transactions."""
    size = 2 * LARGEST_MESSAGE_BYTES
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, enable_idempotence=True, max_request_size=size)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


@asynccontextmanager
async def consuming(broker: EmbeddedBroker, group: str | None = None, **options: Any) -> AsyncIterator[Any]:
    """Start a consumer of the topic, in a group or of all partitions."""
    consumer = AIOKafkaConsumer(
        *([TOPIC] if group else []),
        bootstrap_servers=broker.bootstrap,
        group_id=group,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=FETCH_WAIT_MS,
        session_timeout_ms=SESSION_TIMEOUT_MS,
        heartbeat_interval_ms=200,
        **options,
    )
    try:
        await consumer.start()
        if group is None:
            consumer.assign([TopicPartition(TOPIC, number) for number in range(3)])
            await consumer.seek_to_beginning()
        yield consumer
    finally:
        await consumer.stop()


async def read(consumer: Any, count: int) -> list[ConsumerRecord]:
    """Read that many records, or fail."""
    async with asyncio.timeout(15):
        return [await consumer.getone() for _ in range(count)]


async def test_a_topic_has_the_partitions_that_were_asked_for(broker: EmbeddedBroker) -> None:
    """A topic is made with its own count; making it again changes nothing; the start can make several."""
    broker.create_topic(TOPIC, 9)
    broker.create_topic("alerts", 1)

    async with producing(broker) as producer:
        assert await producer.partitions_for(TOPIC) == {0, 1, 2}
        assert await producer.partitions_for("alerts") == {0}


async def test_a_topic_that_nobody_made_has_four_partitions(broker: EmbeddedBroker) -> None:
    """Asking for a topic makes it, so topics must be made before anyone asks."""
    async with producing(broker) as producer:
        assert await producer.partitions_for("unknown") == {0, 1, 2, 3}


async def test_what_is_written_is_read_in_order_with_its_headers(broker: EmbeddedBroker) -> None:
    """Partition, order, key, value, tombstone, headers and time survive."""
    headers = [("ce_type", b"liveline.document.v1")]
    async with producing(broker) as producer, consuming(broker) as consumer:
        await producer.send_and_wait(
            TOPIC, b"one", key=b"k", partition=2, headers=headers, timestamp_ms=1_700_000_000_000
        )
        await producer.send_and_wait(TOPIC, None, key=b"k", partition=2)
        first, second = await read(consumer, 2)

    assert (first.partition, first.offset, first.key, first.value) == (2, 0, b"k", b"one")
    assert (list(first.headers), first.timestamp) == (headers, 1_700_000_000_000)
    assert (second.offset, second.value) == (1, None)


async def test_a_group_goes_on_from_what_it_committed(broker: EmbeddedBroker) -> None:
    """A consumer that comes back gets what comes after its committed offset, no more and no less."""
    async with producing(broker) as producer:
        for number in range(5):
            await producer.send_and_wait(TOPIC, b"%d" % number, partition=0)
        async with consuming(broker, "readers") as consumer:
            await read(consumer, 2)
            await consumer.commit({TopicPartition(TOPIC, 0): 2})

        async with consuming(broker, "readers") as consumer:
            assert [record.value for record in await read(consumer, 3)] == [b"2", b"3", b"4"]


async def test_a_second_member_of_a_group_is_refused(broker: EmbeddedBroker) -> None:
    """One worker at a time: should this fail one day, the limit is gone and can leave the text."""
    async with consuming(broker, "readers"):
        with pytest.raises(KafkaError, match="InvalidRequestError"):
            async with consuming(broker, "readers"):
                pytest.fail("it joined")

    assert "one worker" in LIMITS


async def test_transactions_are_not_for_it(broker: EmbeddedBroker) -> None:
    """What follows a transaction's end can't be read by aiokafka, so the plain ledger must never open one."""
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, transactional_id="ledger")
    await producer.start()
    async with consuming(broker) as consumer:
        async with producer.transaction():
            await producer.send_and_wait(TOPIC, b"in a transaction", partition=0)
        await producer.stop()

        assert (await read(consumer, 1))[0].value == b"in a transaction"
        with pytest.raises(CorruptRecordException):
            await read(consumer, 1)

    assert "no transactions" in LIMITS


async def test_the_largest_message_is_kept(broker: EmbeddedBroker) -> None:
    """A message of the documented size is there after others of its size came before it."""
    async with producing(broker) as producer, consuming(broker, max_partition_fetch_bytes=2**23) as consumer:
        for letter in (b"a", b"b", b"c", b"d", b"e"):
            await producer.send_and_wait(TOPIC, letter * LARGEST_MESSAGE_BYTES, partition=1)
            (record,) = await read(consumer, 1)
            assert record.value == letter * LARGEST_MESSAGE_BYTES


async def test_a_partition_forgets_its_oldest(broker: EmbeddedBroker) -> None:
    """What no longer fits is gone, and the beginning says so."""
    here = TopicPartition(TOPIC, 0)
    async with producing(broker) as producer, consuming(broker) as consumer:
        for _ in range(12):
            await producer.send_and_wait(TOPIC, bytes(1024 * 1024), partition=0)
        beginning = (await consumer.beginning_offsets([here]))[here]
        end = (await consumer.end_offsets([here]))[here]

    assert end == 12
    assert 12 - 5 <= beginning < 12


async def test_there_is_no_look_up_by_time(broker: EmbeddedBroker) -> None:
    """Asking for the offset of a time finds nothing, as the limits say."""
    async with producing(broker) as producer, consuming(broker) as consumer:
        await producer.send_and_wait(TOPIC, b"one", partition=0, timestamp_ms=1_700_000_000_000)
        found = await consumer.offsets_for_times({TopicPartition(TOPIC, 0): 1_600_000_000_000})

    assert found == {TopicPartition(TOPIC, 0): None}
    assert "no look-up by time" in LIMITS


def test_another_process_can_connect(broker: EmbeddedBroker) -> None:
    """The address serves any process of this machine."""
    code = """
import sys
from confluent_kafka import Producer
known = Producer({"bootstrap.servers": sys.argv[1]}).list_topics("news", timeout=10)
print(len(known.topics["news"].partitions))
"""

    told = subprocess.run([sys.executable, "-c", code, broker.bootstrap], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "3"


def test_it_says_nothing_on_stderr() -> None:
    """Start, use, a client that leaves, and stop leave no line of librdkafka's own on the terminal."""
    code = """
import asyncio
from aiokafka import AIOKafkaProducer
from streams.embedded import EmbeddedBroker

async def main(broker):
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)
    await producer.start()
    await producer.send_and_wait("news", b"x")
    await producer.stop()

with EmbeddedBroker() as broker:
    broker.create_topic("news", 1)
    asyncio.run(main(broker))
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert (told.stdout, told.stderr) == ("", "")


def test_two_starts_are_two_logs() -> None:
    """A cursor of a former start is recognised as another log's."""
    with EmbeddedBroker() as one, EmbeddedBroker() as two:
        assert one.bootstrap != two.bootstrap
        assert one.log_identity != two.log_identity


def test_a_stopped_broker_makes_no_topics() -> None:
    """Using it before its start is an error that says so."""
    with pytest.raises(BrokerError, match="not running"):
        EmbeddedBroker().create_topic(TOPIC, 1)
