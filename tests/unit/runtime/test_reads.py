"""Reads of aiokafka's consumer: where each begins and ends, and how one is undone."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from faust.types import TP

from streams.embedded import FETCH_WAIT_MS, EmbeddedBroker
from streams.runtime.kafka.reads import Read, Reads

RAW = TP("liveline.raw", 0)
_PATIENCE = 20.0


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    """Start a broker with a topic of one partition."""
    with EmbeddedBroker() as broker:
        broker.create_topic(RAW.topic, 1)
        yield broker


@pytest.fixture
async def reads(broker: EmbeddedBroker) -> AsyncIterator[Reads]:
    """Read the partition from its beginning, with three records in it."""
    await write(broker, 3)
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap, fetch_max_wait_ms=FETCH_WAIT_MS)
    await consumer.start()
    consumer.assign([TopicPartition(*RAW)])
    made = Reads(consumer)
    made.seek(RAW, 0)
    yield made
    await consumer.stop()


async def write(broker: EmbeddedBroker, count: int) -> None:
    """Write so many records."""
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
        for _ in range(count):
            await producer.send_and_wait(RAW.topic, b"value", partition=0)


async def next_read(reads: Reads) -> Read:
    """Return the next read, which must come."""
    (read,) = await reads.fetch({RAW}, _PATIENCE, asyncio.Event())
    return read


def offsets(read: Read) -> list[int]:
    """Return its records' offsets."""
    return [record.offset for record in read.records]


async def test_reads_follow_each_other(broker: EmbeddedBroker, reads: Reads) -> None:
    """Each begins where the one before it ended, however a broker cuts them."""
    await write(broker, 2)
    end, seen = 0, list[int]()
    while len(seen) < 5:
        read = await next_read(reads)
        assert read.start == end
        end = read.end
        seen += offsets(read)

    assert (seen, end) == ([0, 1, 2, 3, 4], 5)


async def test_a_read_that_is_put_back_comes_again(reads: Reads) -> None:
    """Undone, it is as if it had never been: the next read begins where it began."""
    first = await next_read(reads)
    reads.put_back(first)
    again = await next_read(reads)

    assert (again.start, offsets(again)) == (first.start, offsets(first))


async def test_a_seek_counts_more_than_what_is_put_back_after_it(reads: Reads) -> None:
    """Who has sought since wants to read from there."""
    first = await next_read(reads)
    reads.seek(RAW, 2)
    reads.put_back(first)

    assert (await next_read(reads)).start == 2


async def test_what_was_read_before_a_seek_does_not_count_as_read_after_it(reads: Reads) -> None:
    """A read keeps the place it was read from, also when a seek overtakes it on its way: so it can be refused."""
    first = await next_read(reads)
    reads.seek(RAW, 1)

    assert (first.start, (await next_read(reads)).start) == (0, 1)


async def test_nothing_is_put_back_into_a_partition_that_went_away(reads: Reads) -> None:
    """A partition that somebody else owns now is not sought."""
    first = await next_read(reads)
    reads._consumer.unsubscribe()
    reads.put_back(first)


async def test_a_wake_up_ends_a_fetch_once(reads: Reads) -> None:
    """Set before the fetch it ends it at once, and the next one waits again."""
    await next_read(reads)
    wake = asyncio.Event()
    wake.set()

    async with asyncio.timeout(_PATIENCE):
        assert await reads.fetch({RAW}, _PATIENCE * 2, wake) == []
    assert not wake.is_set()


async def test_asking_for_nothing_counts_as_alive(reads: Reads) -> None:
    """It takes nothing, and aiokafka's measure of idleness begins anew."""
    await asyncio.sleep(0.05)
    subscription = reads._consumer._subscription
    before = subscription.fetcher_idle_time

    assert await reads.fetch(set(), 0.0, asyncio.Event()) == []
    assert subscription.fetcher_idle_time < before
    assert (await next_read(reads)).start == 0
