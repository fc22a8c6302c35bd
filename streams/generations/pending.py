"""What a group has not read yet: records, not offsets, for markers and aborted records never come; blocking."""

from collections.abc import Mapping

from streams.runtime.kafka.admin import Bounds
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.groups import committed_offsets
from streams.runtime.kafka.read_until import ReadUntil


def is_read(connection: KafkaConnection, group: str, topic: str, wanted: Mapping[int, Bounds]) -> bool:
    """Whether a group has committed every record within these bounds; raises `BrokerError`."""
    return unread(connection, group, topic, wanted, most=1) == 0


def unread(
    connection: KafkaConnection, group: str, topic: str, wanted: Mapping[int, Bounds], most: int | None = None
) -> int:
    """Return how many records within these bounds a group has not committed, or `most`; raises `BrokerError`."""
    committed = committed_offsets(connection, group, topic, wanted)
    return records_between(
        connection,
        topic,
        {
            partition: Bounds(max(bound.start, committed.get(partition, bound.start)), bound.end)
            for partition, bound in wanted.items()
        },
        most,
    )


def records_between(
    connection: KafkaConnection, topic: str, bounds: Mapping[int, Bounds], most: int | None = None
) -> int:
    """Return how many records there are within bounds, or `most`; raises `BrokerError`."""
    count = 0
    with ReadUntil(connection, topic, bounds) as reading:
        while not reading.done and (most is None or count < most):
            count += len(reading.read())
    return count
