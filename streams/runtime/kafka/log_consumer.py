"""A consumer that reads a log by itself: no group, nothing committed, read committed, where it is told to begin."""

from collections.abc import Mapping
from typing import Any, Final

from aiokafka import AIOKafkaConsumer

_POLL_MS: Final = 250
_METADATA_MS: Final = 30_000
_MAX_RECORDS: Final = 500
_FETCH_BYTES: Final = 9 * 1024 * 1024


def log_consumer(kafka: Mapping[str, Any]) -> AIOKafkaConsumer:
    """Return one that is not started and has no partitions yet; takes aiokafka's connection arguments."""
    return AIOKafkaConsumer(
        **kafka,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed",
        max_partition_fetch_bytes=_FETCH_BYTES,
        fetch_max_wait_ms=_POLL_MS,
        metadata_max_age_ms=_METADATA_MS,
    )


async def next_records(consumer: AIOKafkaConsumer) -> list[Any]:
    """Return the records that have come, in each partition's order; nothing after a moment.

    Raises aiokafka's `OffsetOutOfRangeError` when retention has overtaken the reader.
    """
    polled = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_MAX_RECORDS)
    return [record for records in polled.values() for record in records]
