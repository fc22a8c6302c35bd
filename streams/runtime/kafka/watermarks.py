"""What a topic's partitions hold, asked by a consumer: the embedded broker answers no administration."""

import uuid
from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from streams.exceptions import BrokerError
from streams.runtime.kafka.admin import Bounds
from streams.runtime.kafka.connection import KafkaConnection

_SECONDS: Final = 10.0


def watermarks_of(connection: KafkaConnection, topic: str) -> dict[int, Bounds]:
    """Return the bounds of each partition, up to its last stable offset; raises `BrokerError` if they can't be had."""
    consumer = Consumer(
        {
            **connection.confluent(),
            "group.id": f"liveline-read-{uuid.uuid4().hex}",  # asked for by the library; nobody ever joins it
            "isolation.level": "read_committed",
            "log_level": 0,
        }
    )
    try:
        found = consumer.list_topics(topic, timeout=_SECONDS).topics[topic]
        if found.error is not None or not found.partitions:
            raise BrokerError(f"there is no topic {topic} on Kafka at {connection.bootstrap}: liveline topics create")
        return {number: _bounds(consumer, topic, number) for number in sorted(found.partitions)}
    except KafkaException as error:
        raise BrokerError(f"Kafka at {connection.bootstrap} (LIVELINE_KAFKA): {error.args[0].str()}") from error
    finally:
        consumer.close()


def _bounds(consumer: Consumer, topic: str, partition: int) -> Bounds:
    start, end = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=_SECONDS)
    return Bounds(start, end)
