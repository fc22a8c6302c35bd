"""A fetch that is under way while a partition is taken over: the race in which documents were skipped.

The worker is whole, its broker is the embedded one; only the moments are forced.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import orjson
import pytest
from aiokafka import TopicPartition
from confluent_kafka import Producer
from faust.types import TP

from schemas import Document
from schemas.envelope import document_headers
from streams.bootstrap.worker import create_app
from streams.embedded import EmbeddedBroker
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.partition.ownership import Ownership
from streams.runtime.worker import Worker
from streams.settings import Settings
from streams.testing import FakeClock
from streams.topology import TOPICS, Names

RAW = TP(Names().raw, 0)
ENTRIES = {"agent": "entries"}
_PATIENCE = 30.0
_LONG_FETCH = 20.0  # seconds, so that no fetch ends by itself while the test holds a moment


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    """Start a broker with Liveline's topics, one partition each."""
    with EmbeddedBroker() as broker:
        for topic in TOPICS:
            broker.create_topic(Names().of(topic.role), 1)
        yield broker


class Newsroom:
    """Pushes documents and waits, by blocking, until the broker has them."""

    def __init__(self, bootstrap: str) -> None:
        self._producer = Producer({"bootstrap.servers": bootstrap, "log_level": 0})  # the broker ends first
        self.pushed = 0

    def push(self, count: int = 1) -> None:
        """Push that many new posts."""
        for _ in range(count):
            self.pushed += 1
            document = Document(
                id=f"d{self.pushed}",
                source_id="evening-post",
                coverage_id="harbour-fire",
                received_at=FakeClock()(),
                content_type="application/vnd.liveline.post+json",
                body=orjson.dumps({"id": f"p{self.pushed}", "headline": f"Report {self.pushed}"}),
            )
            headers = list(document_headers(document))
            self._producer.produce(RAW.topic, document.body, document.coverage_id, partition=0, headers=headers)
        assert self._producer.flush(30) == 0


@asynccontextmanager
async def at_work(broker: EmbeddedBroker) -> AsyncIterator[Worker]:
    """Run a worker whose fetches wait long; it owns its partition and one fetch is under way."""
    settings = Settings(kafka="embedded", application="test")
    worker = create_app(settings, KafkaConnection(broker.bootstrap))
    await worker.start()
    try:
        thread = consumer_of(worker)._thread
        fetch = thread.fetch
        thread.fetch = lambda tps, _: fetch(tps, _LONG_FETCH)
        await until(lambda: RAW in ownership_of(worker).partitions and ownership_of(worker).partitions[RAW].running)
        yield worker
    finally:
        await worker.stop()


def consumer_of(worker: Worker) -> Any:
    """Return the worker's consumer."""
    return worker.hosts[0]._consumer


def ownership_of(worker: Worker) -> Ownership[Any]:
    """Return the partitions that the agent entries owns."""
    return worker.hosts[0].ownership


def position(worker: Worker) -> int:
    """Return where aiokafka reads next; it moves when records are taken, whatever becomes of them."""
    consumer = consumer_of(worker)._thread._ensure_consumer()
    found: int = consumer._subscription.subscription.assignment.state_value(TopicPartition(*RAW)).position
    return found


def documents(worker: Worker) -> float:
    """Return how many documents were processed and committed."""
    return worker.metrics.registry.get_sample_value("liveline_documents_total") or 0.0


async def until(true: Callable[[], bool]) -> None:
    """Wait for a condition, within a bound."""
    async with asyncio.timeout(_PATIENCE):
        while not true():
            await asyncio.sleep(0.005)


def block_until(true: Callable[[], bool]) -> None:
    """Hold this thread's loop until the consumer's thread has done something."""
    deadline = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < deadline, "the consumer's thread did not do it"
        time.sleep(0.002)


async def processed(worker: Worker, newsroom: Newsroom) -> float:
    """Return how many documents the worker has processed once it has, or can't any more."""
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            await until(lambda: documents(worker) >= newsroom.pushed)
    return documents(worker)


async def test_what_is_fetched_between_the_seek_and_the_wake_up_is_not_skipped(broker: EmbeddedBroker) -> None:
    """Records that a fetch from before the take-over returns after its seek are dropped, put back and processed."""
    newsroom = Newsroom(broker.bootstrap)
    async with at_work(broker) as worker:
        newsroom.push(3)
        await until(lambda: documents(worker) == 3)
        await asyncio.sleep(0.1)  # the next fetch is under way, for the partition in its present epoch
        consumer = consumer_of(worker)
        seek = consumer.seek

        async def seek_and_hold(tp: TP, offset: int) -> None:
            await seek(tp, offset)
            newsroom.push(4)  # this loop stands still: the fetch from before returns to nobody who wants it
            block_until(lambda: position(worker) == 7)

        consumer.seek = seek_and_hold
        ownership_of(worker).partitions[RAW].assign()  # as a rebalance does that gives the partition back
        await until(lambda: ownership_of(worker).partitions[RAW].running)
        consumer.seek = seek
        newsroom.push(2)

        assert await processed(worker, newsroom) == 9
        assert worker.metrics.registry.get_sample_value("liveline_batches_out_of_place_total", ENTRIES) == 0


async def test_what_is_lost_on_the_way_is_noticed_and_read_again(broker: EmbeddedBroker) -> None:
    """Records that vanish anywhere between aiokafka and the agent cost a restart, not documents."""
    newsroom = Newsroom(broker.bootstrap)
    async with at_work(broker) as worker:
        newsroom.push(3)
        await until(lambda: documents(worker) == 3)
        thread = consumer_of(worker)._thread
        fetch = thread.fetch

        async def lose(tps: set[TP], wait: float) -> Any:
            lost = await fetch(tps, wait)
            if lost:
                thread.fetch = fetch
            return [] if lost else lost

        thread.fetch = lose
        await until(lambda: position(worker) == 3)
        ownership_of(worker).partitions[RAW]._feed.wake()  # the fetch that is under way ends, the next one is lost
        await asyncio.sleep(0.1)
        newsroom.push(4)
        await until(lambda: thread.fetch is fetch)
        newsroom.push(2)

        assert await processed(worker, newsroom) == 9
        assert worker.metrics.registry.get_sample_value("liveline_batches_out_of_place_total", ENTRIES) == 1


async def test_a_wake_up_just_before_a_fetch_ends_it(broker: EmbeddedBroker) -> None:
    """A partition that becomes ready between the look at what is wanted and the fetch does not wait for its end."""
    async with at_work(broker) as worker:
        consumer = consumer_of(worker)
        fetch, calls = consumer._thread.fetch, []

        async def wake_first(tps: set[TP], wait: float) -> Any:
            calls.append(tps)
            if len(calls) == 1:
                consumer.wake()
            return await fetch(tps, wait)

        consumer._thread.fetch = wake_first
        consumer.wake()  # ends the fetch that is under way
        async with asyncio.timeout(_LONG_FETCH / 2):
            await until(lambda: len(calls) > 1)
