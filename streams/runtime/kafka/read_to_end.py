"""Reads what is committed on a topic up to where it ends now, without a group."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.exceptions import BrokerError
from streams.runtime.batch import RawRecord
from streams.runtime.kafka.connection import KafkaConnection

_STALLED_SECONDS: Final = 30.0
"""Without progress."""
_FETCH_BYTES: Final = 8 * 1024 * 1024


async def read_until_end(
    connection: KafkaConnection,
    topic: str,
    take: Callable[[RawRecord], None],
    partitions: Sequence[int] | None = None,
) -> None:
    """Hand over each record of these partitions, or of all, in the order of its partition.

    Raises aiokafka's `KafkaError`, `OSError`, and `BrokerError` when a partition goes no further.
    """
    consumer = AIOKafkaConsumer(
        **connection.aiokafka(),
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=_FETCH_BYTES,
        fetch_max_wait_ms=50,
    )
    try:
        await consumer.start()
        if partitions is None:
            await consumer._client.force_metadata_update()  # noqa: SLF001  (a consumer without a topic asks for none)
            partitions = sorted(consumer.partitions_for_topic(topic) or ())
        left = {TopicPartition(topic, partition) for partition in partitions}
        if not left:
            return
        consumer.assign(left)
        await consumer.seek_to_beginning(*left)
        ends = await consumer.end_offsets(left)
        progress, before = time.monotonic(), -1
        while True:
            # The position passes transaction markers and aborted records; the offsets of records don't.
            positions = {each: await consumer.position(each) for each in left}
            if all(positions[each] >= ends[each] for each in left):
                return
            if sum(positions.values()) > before:
                progress, before = time.monotonic(), sum(positions.values())
            elif time.monotonic() - progress > _STALLED_SECONDS:
                behind = next(each for each in sorted(left) if positions[each] < ends[each])
                raise BrokerError(
                    f"{topic}/{behind.partition} stands at {positions[behind]} of {ends[behind]} and goes no further"
                )
            for records in (await consumer.getmany(*left, timeout_ms=200)).values():
                for record in records:
                    take(record)
            await asyncio.sleep(0)
    finally:
        await consumer.stop()
