"""What a consumer group has committed, read and written by a consumer that never joins it.

Not by confluent-kafka's administration client: where the broker answers that it is not, or not yet, the group's
coordinator, librdkafka (2.16 and before) looks for the consumer group of a client that has none, and ends the process
(SIGSEGV in `rd_kafka_cgrp_op`, librdkafka issue 5040).

Blocking: within a running loop, use a thread.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from confluent_kafka import Consumer, KafkaException, TopicPartition

from streams.runtime.kafka.connection import KafkaConnection


def read_offsets(
    connection: KafkaConnection, group: str, topic: str, partitions: Iterable[int], seconds: float
) -> dict[int, int]:
    """Return the offsets a group has committed, of the partitions of which it has; raises `KafkaException`."""
    asked = [TopicPartition(topic, partition) for partition in partitions]
    if not asked:
        return {}
    with _outside(connection, group) as consumer:
        found = consumer.committed(asked, timeout=seconds)
    for each in found:
        if each.error is not None:
            raise KafkaException(each.error)
    return {each.partition: each.offset for each in found if each.offset >= 0}


def write_offsets(connection: KafkaConnection, group: str, topic: str, offsets: Mapping[int, int]) -> None:
    """Commit offsets of a group that has no member; raises `KafkaException`, also where it has one."""
    wanted = [TopicPartition(topic, partition, offset) for partition, offset in offsets.items()]
    with _outside(connection, group) as consumer:
        for each in consumer.commit(offsets=wanted, asynchronous=False) or ():
            if each.error is not None:
                raise KafkaException(each.error)


@contextmanager
def _outside(connection: KafkaConnection, group: str) -> Iterator[Consumer]:
    consumer = Consumer({**connection.confluent(), "group.id": group, "enable.auto.commit": False, "log_level": 0})
    try:
        yield consumer
    finally:
        consumer.close()
