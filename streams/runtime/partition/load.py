"""A partition's memory, read from its compacted topic up to its last stable offset."""

import asyncio
import time

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.dedupe import Memory, Thresholds
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.ledger.ledger import LedgerError

_STALLED = 30.0  # seconds without progress


async def load_memory(
    connection: KafkaConnection, topic: str, partition: int, thresholds: Thresholds | None = None
) -> Memory:
    """Return what was committed, and nothing that was not; raises `LedgerError`.

    The former owner must be fenced first: then its transaction has ended, and the last stable offset is the end.
    """
    source = TopicPartition(topic, partition)
    memory = Memory(thresholds)
    consumer = AIOKafkaConsumer(
        **connection.aiokafka(),
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=8 * 1024 * 1024,
        fetch_max_wait_ms=50,
    )
    try:
        await consumer.start()
        consumer.assign([source])
        await consumer.seek_to_beginning(source)
        end = (await consumer.end_offsets([source]))[source]
        progress = time.monotonic()
        # The position passes transaction markers and aborted records; the offsets of records don't.
        while (position := await consumer.position(source)) < end:
            found = await consumer.getmany(source, timeout_ms=200)
            for records in found.values():
                for record in records:
                    memory.load(record.key, record.value)
                await asyncio.sleep(0)
            if await consumer.position(source) > position:
                progress = time.monotonic()
            elif time.monotonic() - progress > _STALLED:
                raise LedgerError(f"{topic}/{partition} stands at {position} of {end} and goes no further")
    except (KafkaError, OSError) as error:
        raise LedgerError(f"the memory of partition {partition} can't be loaded: {error!r}") from error
    finally:
        await consumer.stop()
    return memory
