"""The one bounded reader: a topic's committed records up to where it ended when the reading began.

Blocking, on confluent-kafka: for the command line, and for threads. It joins no group and commits nothing.
"""

import time
import uuid
from collections.abc import Mapping
from typing import Any, Final, Self

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from streams.exceptions import BrokerError
from streams.runtime.kafka.admin import Bounds
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.message import Message

_STALLED_SECONDS: Final = 60.0
_AT_ONCE: Final = 1000
_QUEUE_KBYTES: Final = 8 * 1024
"""What librdkafka reads ahead; the memory of a reader does not grow with the topic."""
_FETCH_BYTES: Final = 256 * 1024
"""Of a partition at a time; a larger record comes by itself. A mebibyte, the default, lets partitions run far ahead of
each other: who merges them by time had to hold some, and what was read ahead of these was read again."""


class ReadUntil:
    """Reads partitions from `start` to `end` of their bounds; a context manager."""

    def __init__(self, connection: KafkaConnection, topic: str, bounds: Mapping[int, Bounds]) -> None:
        self._connection = connection
        self._topic = topic
        self._ends = {partition: bound.end for partition, bound in bounds.items()}
        self._next = {partition: bound.start for partition, bound in bounds.items()}
        self._ended = {partition for partition, bound in bounds.items() if bound.start >= bound.end}
        self._open = set(bounds) - self._ended
        self._held: set[int] = set()
        self._consumer: Consumer | None = None
        self._reasons: list[str] = []
        self._progress = time.monotonic()

    def __enter__(self) -> Self:
        """Connect."""
        settings: dict[str, Any] = {
            **self._connection.confluent(),
            "group.id": f"liveline-read-{uuid.uuid4().hex}",  # asked for by the library; nobody ever joins it
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",  # where retention has overtaken the start
            "isolation.level": "read_committed",
            # The end of a partition may be a marker or an aborted record, which never comes as a message.
            "enable.partition.eof": True,
            "queued.max.messages.kbytes": _QUEUE_KBYTES,
            "fetch.queue.backoff.ms": 5,  # a second by default, whenever so much is read ahead
            "fetch.wait.max.ms": 100,
            "fetch.message.max.bytes": _FETCH_BYTES,
            "log_level": 0,
            "error_cb": self._note,
        }
        self._consumer = Consumer(settings)
        self._consumer.assign([self._from(partition) for partition in self._open])
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect."""
        if self._consumer is not None:
            self._consumer.close()

    @property
    def done(self) -> bool:
        """Whether all is read."""
        return not self._open

    def ended(self) -> set[int]:
        """Return the partitions that have ended since this was asked last."""
        ended, self._ended = self._ended, set()
        return ended

    def read(self, wait_seconds: float = 0.2) -> list[Message]:
        """Return the next records, in each partition's order; none when none come in time.

        Raises `BrokerError` when the broker has not answered for a minute.
        """
        if self._consumer is None or not self._open - self._held:
            return []
        found: list[Message] = []
        # With a time, `consume` waits until it has all of so many.
        messages: list[Any] = self._consumer.consume(_AT_ONCE, 0) or self._consumer.consume(1, wait_seconds)
        ends, next_ = self._ends, self._next
        for message in messages:
            partition, error = message.partition(), message.error()
            if error is not None:
                self._told(error, partition, message.offset())
            elif (
                next_[partition] <= (offset := message.offset()) < (end := ends[partition]) and partition in self._open
            ):
                next_[partition] = following = offset + 1
                found.append(message)
                if following >= end:
                    self._end(partition)
            elif partition in self._open and message.offset() >= ends[partition]:
                self._end(partition)
        if found or self.done:
            self._progress = time.monotonic()
        elif time.monotonic() - self._progress > _STALLED_SECONDS:
            why = self._reasons[-1] if self._reasons else "no answer"
            raise BrokerError(f"Kafka at {self._connection.bootstrap} (LIVELINE_KAFKA): {self._topic}: {why}")
        return found

    def hold(self, partition: int) -> None:
        """Read no more of a partition for now: what is wanted next is another's."""
        if self._consumer is not None and partition in self._open - self._held:
            self._held.add(partition)
            self._consumer.incremental_unassign([TopicPartition(self._topic, partition)])

    def go_on(self, partition: int) -> None:
        """Read a partition on that was held, from the record after the last one."""
        if self._consumer is not None and partition in self._held:
            self._held.discard(partition)
            self._progress = time.monotonic()
            self._consumer.incremental_assign([self._from(partition)])

    def _from(self, partition: int) -> TopicPartition:
        return TopicPartition(self._topic, partition, self._next[partition])

    def _end(self, partition: int) -> None:
        self._open.discard(partition)
        self._ended.add(partition)
        if partition not in self._held and self._consumer is not None:
            self._consumer.incremental_unassign([TopicPartition(self._topic, partition)])
        self._held.discard(partition)

    def _told(self, error: KafkaError, partition: int, offset: int) -> None:
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  (confluent-kafka's public name of it)
            # A leader that has just changed may for a moment end earlier than the one that told the bounds.
            if partition in self._open - self._held and offset >= self._ends[partition]:
                self._end(partition)
        elif not error.retriable():
            raise BrokerError(f"Kafka at {self._connection.bootstrap}: {self._topic}: {error.str()}") from (
                KafkaException(error)
            )

    def _note(self, error: KafkaError) -> None:
        self._reasons.append(error.str())
        del self._reasons[:-1]
