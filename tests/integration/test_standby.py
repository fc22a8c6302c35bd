"""A worker that no partition was left for: it waits, and takes over when there is one.

On real Kafka: the embedded broker lives within one process, and its groups do not bear a second member for certain.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from faust.types import TP

from streams.bootstrap.worker import create_app
from streams.runtime.kafka.admin import create_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import Plan
from streams.runtime.worker import Worker
from streams.settings import Settings
from streams.topology import Names

from real_kafka import RealKafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]
_MOST_IDLE_SECONDS = 3.0
_PATIENCE_SECONDS = 60.0


@asynccontextmanager
async def at_work(settings: Settings) -> AsyncIterator[Worker]:
    """Run a worker whom aiokafka takes for dead when it asks for no records for a while: usually 1,000 s."""
    worker = create_app(settings, KafkaConnection(settings.kafka))
    worker.hosts[0].faust.conf.broker_max_poll_interval = _MOST_IDLE_SECONDS
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await worker.start()
        yield worker
    finally:
        await worker.stop()


async def owning(tp: TP, *workers: Worker) -> Worker:
    """Return the worker that owns the partition, once one does."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            for worker in workers:
                if (owned := worker.hosts[0].ownership.partitions.get(tp)) and owned.running:
                    return worker
            await asyncio.sleep(0.05)


async def test_a_standby_takes_over_after_a_long_time_without_a_partition(kafka: RealKafka) -> None:
    """It stays in its group although it reads nothing, and owns the partition when the other worker has gone."""
    prefix = f"standby-{uuid.uuid4().hex[:8]}."
    names = Names(prefix)
    create_topics(KafkaConnection(kafka.bootstrap), Plan(names, 1, 1))
    settings = Settings(
        kafka=kafka.bootstrap, topic_prefix=prefix, application=f"{prefix}app", session_timeout=timedelta(seconds=6)
    )
    raw = TP(names.raw, 0)
    async with at_work(settings) as first, at_work(settings) as second:
        await owning(raw, first, second)
        await asyncio.sleep(_MOST_IDLE_SECONDS * 3)
        owner = await owning(raw, first, second)
        standby = second if owner is first else first
        await owner.stop()

        assert await owning(raw, standby) is standby
