"""The agent alerts on real Kafka: where its group begins."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka import AIOKafkaConsumer
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.group_start import begin_group

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


class Log:
    """A topic of two partitions with a record an hour in each."""

    def __init__(self, kafka: RealKafka) -> None:
        self.connection = KafkaConnection(kafka.bootstrap)
        self.topic = f"log-{uuid.uuid4().hex[:8]}"
        self.group = f"group-{self.topic}"
        self.admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
        for future in self.admin.create_topics([NewTopic(self.topic, 2, 1, config={"retention.ms": "-1"})]).values():
            future.result()
        self.write(range(10), (0, 1))

    def write(self, hours: range, partitions: tuple[int, ...]) -> None:
        """Write a record an hour into each partition."""
        producer = Producer({"bootstrap.servers": self.connection.bootstrap})
        for hour in hours:
            for partition in partitions:
                time = int((MONDAY + timedelta(hours=hour)).timestamp() * 1000)
                producer.produce(self.topic, b"entry", partition=partition, timestamp=time)
        assert producer.flush(30) == 0

    async def read(self, least: int) -> list[tuple[int, int]]:
        """Join the group and return partition and offset of the first records that come."""
        consumer = AIOKafkaConsumer(
            self.topic, **self.connection.aiokafka(), group_id=self.group, auto_offset_reset="earliest"
        )
        await consumer.start()
        found: list[tuple[int, int]] = []
        try:
            while len(found) < least:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += [(record.partition, record.offset) for record in records]
            # Others find the group at work now, and leave it alone.
            assert not begin_group(self.connection, self.group, self.topic)
            await consumer.commit()
        finally:
            await consumer.stop()
        return sorted(found)


async def test_a_group_begins_at_the_end_and_then_goes_on(kafka: RealKafka) -> None:
    """What stood before its first start is not read; what comes afterwards is, once; a later start changes nothing."""
    log = Log(kafka)
    assert begin_group(log.connection, log.group, log.topic)
    log.write(range(10, 12), (0, 1))

    assert not begin_group(log.connection, log.group, log.topic, MONDAY)
    assert await log.read(4) == [(0, 10), (0, 11), (1, 10), (1, 11)]
    assert not begin_group(log.connection, log.group, log.topic)


async def test_a_group_begins_at_a_time(kafka: RealKafka) -> None:
    """At the first record of that time or later; where there is none yet, at the end."""
    log = Log(kafka)
    log.write(range(10, 12), (1,))
    assert begin_group(log.connection, log.group, log.topic, MONDAY + timedelta(hours=9, minutes=30))
    log.write(range(12, 13), (0,))

    assert await log.read(3) == [(0, 10), (1, 10), (1, 11)]


async def test_a_partition_that_is_added_is_read_from_its_beginning(kafka: RealKafka) -> None:
    """What comes into it before any worker has seen it is not passed over."""
    log = Log(kafka)
    assert begin_group(log.connection, log.group, log.topic)
    for future in log.admin.create_partitions([NewPartitions(log.topic, 3)]).values():
        future.result()
    log.write(range(2), (2,))

    assert not begin_group(log.connection, log.group, log.topic)
    assert await log.read(2) == [(2, 0), (2, 1)]
