"""A plain confluent-kafka (librdkafka) loop around the pure step: consume, process, produce, flush, commit."""

import sys
from itertools import groupby

from confluent_kafka import Consumer, Producer, TopicPartition
from step import headers_of, steps, warm_up

from streams.topology import Names


def main() -> None:
    """Run until killed."""
    bootstrap, names = sys.argv[1], Names(sys.argv[2])
    warm_up()
    of = steps(names)
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"{names.prefix}peer",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
        }
    )
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "enable.idempotence": True,
            "compression.type": "zstd",
            "linger.ms": 5,
            "queue.buffering.max.messages": 1_000_000,
        }
    )
    consumer.subscribe([names.raw])
    while True:
        found = [message for message in consumer.consume(500, 0.2) if message.error() is None]
        found.sort(key=lambda message: (message.partition(), message.offset()))
        for partition, messages in groupby(found, key=lambda message: message.partition()):
            batch = [(m.offset(), m.value(), headers_of(m.headers())) for m in messages]
            for r in of(partition).run(batch):
                producer.produce(r.topic, r.value, r.key, partition, headers=list(r.headers))
            producer.flush()
            consumer.commit(offsets=[TopicPartition(names.raw, partition, batch[-1][0] + 1)], asynchronous=False)


if __name__ == "__main__":
    main()
