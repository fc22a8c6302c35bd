"""A worker that no partition was left for: it waits, and takes over when there is one."""

import asyncio
from collections.abc import Iterator

import pytest
from faust.types import TP

from streams.app import Worker, create_app
from streams.embedded import EmbeddedBroker
from streams.runtime.connection import KafkaConnection
from streams.settings import Settings
from streams.topology import TOPICS, Names

RAW = TP(Names().raw, 0)
_MOST_IDLE_SECONDS = 3.0


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    """Start a broker with Liveline's topics, one partition each."""
    with EmbeddedBroker() as broker:
        for topic in TOPICS:
            broker.create_topic(Names().of(topic.role), 1)
        yield broker


def made(broker: EmbeddedBroker) -> Worker:
    """Make a worker whom aiokafka takes for dead when it asks for no records for a while: usually 1,000 s."""
    worker = create_app(Settings(kafka="embedded", application="test"), KafkaConnection(broker.bootstrap))
    worker.faust.conf.broker_max_poll_interval = _MOST_IDLE_SECONDS
    return worker


async def owning(*workers: Worker) -> Worker:
    """Return the worker that owns the partition, once one does."""
    async with asyncio.timeout(120):
        while True:
            for worker in workers:
                if (owned := worker.ownership.partitions.get(RAW)) and owned.running:
                    return worker
            await asyncio.sleep(0.05)


async def test_a_standby_takes_over_after_a_long_time_without_a_partition(broker: EmbeddedBroker) -> None:
    """It stays in its group although it reads nothing, and owns the partition when the other worker has gone."""
    first, second = made(broker), made(broker)
    await asyncio.gather(first.start(), second.start())
    try:
        owner = await owning(first, second)
        standby = second if owner is first else first
        await asyncio.sleep(_MOST_IDLE_SECONDS * 2)
        assert await owning(first, second) is owner
        await owner.stop()

        assert await owning(standby) is standby
    finally:
        await first.stop()
        await second.stop()
