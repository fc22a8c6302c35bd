"""Posts to a worker on the embedded broker, and what it makes of them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from confluent_kafka import Producer

from schemas import Document
from schemas.envelope import document_headers
from streams.topology import Names


def push(bootstrap: str, coverage: str, post: str, headline: str, *, partition: int = 0) -> None:
    """Push a post of the source `evening-post` to a partition of `liveline.raw`."""
    now = datetime.now(UTC)
    document = Document(
        id=post,
        source_id="evening-post",
        coverage_id=coverage,
        received_at=now,
        content_type="application/vnd.liveline.post+json",
        body=orjson.dumps({"id": post, "headline": headline, "published_at": now.isoformat()}),
    )
    producer = Producer({"bootstrap.servers": bootstrap, "log_level": 0})
    headers = list(document_headers(document))
    producer.produce(Names().raw, document.body, coverage, partition=partition, headers=headers)
    assert producer.flush(30) == 0


async def values(bootstrap: str, topic: str, least: int, *, partition: int = 0) -> list[dict[str, Any]]:
    """Return what stands in a topic's partition, once there is so much."""
    place, found = TopicPartition(topic, partition), list[dict[str, Any]]()
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        async with asyncio.timeout(30):
            while len(found) < least:
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    found += [orjson.loads(record.value) for record in records]
    return found


async def until(true: Callable[[], bool]) -> None:
    """Wait for a condition, within a bound."""
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)
