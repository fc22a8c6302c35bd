"""How far a consumer group is behind."""

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

UNKNOWN = -1


def lag(bootstrap: str, group: str, topic: str, partitions: int) -> int:
    """Return how many records the group has not committed yet; `UNKNOWN` while an open transaction hides it."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False})
    try:
        committed = consumer.committed([TopicPartition(topic, partition) for partition in range(partitions)], 10)
        behind = 0
        for each in committed:
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, each.partition), 10)
            behind += high - max(each.offset, low)
    except KafkaException as error:
        if error.args[0].code() == KafkaError._TIMED_OUT:
            return UNKNOWN
        raise
    else:
        return behind
    finally:
        consumer.close()


def has_read(bootstrap: str, group: str, topic: str, partitions: int) -> bool:
    """Return whether the group has committed all that can be read; markers of transactions stand behind the last."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": group,
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
        }
    )
    try:
        left = consumer.committed([TopicPartition(topic, partition) for partition in range(partitions)], 10)
        if any(each.offset < 0 for each in left):
            return False
        consumer.assign(left)
        ended: set[int] = set()
        while len(ended) < partitions:
            message = consumer.poll(10)
            if message is None or not message.error():
                return False
            ended.add(message.partition())
    except KafkaException as error:
        if error.args[0].code() == KafkaError._TIMED_OUT:
            return False
        raise
    else:
        return True
    finally:
        consumer.close()
