"""A partition's memory, read from its compacted topic up to its last stable offset."""

import asyncio
import time
from typing import Protocol, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.ledger.ledger import LedgerError

_STALLED = 30.0  # seconds without progress


class Loads(Protocol):
    """A memory that takes up its records."""

    def load(self, key: bytes, value: bytes | None, /) -> None:
        """Take up a record, in the order of the log; None is a tombstone."""


Memory = TypeVar("Memory", bound=Loads)


async def load_memory(connection: KafkaConnection, topic: str, partition: int, memory: Memory) -> Memory:
    """Let an empty memory take up what was committed, and nothing that was not; raises `LedgerError`.

    The former owner must be fenced first: then its transaction has ended, and the last stable offset is the end.
    """
    source = TopicPartition(topic, partition)
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
