"""Reads `liveline.entries`: all partitions by assignment, read committed, from where the archive ends."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition

from streams.exceptions import BrokerError
from streams.gateway.feed.log import MissingRecordsError
from streams.runtime.kafka.log_consumer import log_consumer, next_records


class EntryLog:
    """A consumer without a group: each gateway has every partition, and nothing is committed to Kafka."""

    def __init__(self, kafka: Mapping[str, Any], topic: str) -> None:
        self.topic = topic
        self._consumer = log_consumer(kafka)
        self._partitions: list[int] = []
        self._end: dict[TopicPartition, int] = {}

    async def start(self) -> Sequence[int]:
        """Connect; returns the topic's partitions, none when it doesn't exist yet."""
        await self._consumer.start()
        await self._consumer._client.force_metadata_update()  # noqa: SLF001  (a topic made a moment ago)
        self._partitions = sorted(self._consumer.partitions_for_topic(self.topic) or ())
        return self._partitions

    async def stop(self) -> None:
        """Disconnect."""
        await self._consumer.stop()

    async def seek(self, position: Mapping[int, int]) -> None:
        """Continue at a position; `caught_up` compares with what the log holds now.

        Raises `MissingRecordsError` when the log begins later in some partition.
        """
        assigned = [TopicPartition(self.topic, partition) for partition in self._partitions]
        self._consumer.assign(assigned)
        begins = await self._consumer.beginning_offsets(assigned)
        self._end = await self._consumer.end_offsets(assigned)
        for each, end in self._end.items():
            if position.get(each.partition, 0) > end:
                raise BrokerError(
                    f"{self.topic} partition {each.partition} ends at {end}, the archive at "
                    f"{position[each.partition]}: the log has lost records; set the archive aside to begin anew"
                )
        for each in assigned:
            self._consumer.seek(each, max(position.get(each.partition, 0), begins[each]))
        later = {each.partition: begin for each, begin in begins.items() if begin > position.get(each.partition, 0)}
        if later:
            raise MissingRecordsError(later)

    async def read(self) -> list[Any]:
        """Return the records that have come, in each partition's order; nothing after a moment.

        Raises aiokafka's `OffsetOutOfRangeError` when retention has overtaken the reader: seek again.
        """
        return await next_records(self._consumer)

    def grown(self) -> bool:
        """Whether the topic has other partitions than at the start."""
        return sorted(self._consumer.partitions_for_topic(self.topic) or self._partitions) != self._partitions

    async def caught_up(self) -> bool:
        """Whether all is read that the log held at `seek`.

        The consumer's own position counts: it also moves over aborted records and markers, which never come.
        """
        for each, end in list(self._end.items()):
            if await self._consumer.position(each) >= end:
                del self._end[each]
        return not self._end

    async def lag(self) -> dict[int, int]:
        """Return, for each partition, the offsets up to its last stable one."""
        behind = {}
        for each in self._consumer.assignment():
            stable = self._consumer.last_stable_offset(each)
            if stable is None or stable < 0:  # a broker that knows no transactions
                stable = self._consumer.highwater(each)
            if stable is not None:
                behind[each.partition] = max(0, stable - await self._consumer.position(each))
        return behind

    def heard(self) -> int:
        """Return when Kafka last answered for all partitions, in milliseconds since 1970; 0 for never."""
        return min((self._consumer.last_poll_timestamp(each) or 0 for each in self._consumer.assignment()), default=0)
