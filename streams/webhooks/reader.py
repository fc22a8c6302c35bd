"""Reads entries and alerts: all partitions by assignment, read committed, from wherever a webhook is."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiokafka import TopicPartition

from streams.archive.state.positions import Place
from streams.runtime.kafka.log_consumer import log_consumer, next_records


class LogReader:
    """A consumer without a group over several topics; offsets are kept in the state database."""

    def __init__(self, kafka: Mapping[str, Any], topics: Sequence[str]) -> None:
        self._topics = topics
        self._consumer = log_consumer(kafka)
        self._places: list[TopicPartition] = []

    async def start(self) -> None:
        """Connect, and find the topics' partitions."""
        await self._consumer.start()
        try:
            self._places = await self._find()
            self._consumer.assign(self._places)
        except BaseException:
            await self._consumer.stop()
            raise

    async def stop(self) -> None:
        """Disconnect."""
        await self._consumer.stop()

    @property
    def places(self) -> list[Place]:
        """All partitions of all topics."""
        return [(each.topic, each.partition) for each in self._places]

    async def grown(self) -> bool:
        """Whether there are other partitions than at the start."""
        return await self._find(fresh=False) != self._places

    async def begins(self) -> dict[Place, int]:
        """Return the oldest offset of each partition."""
        return _named(await self._consumer.beginning_offsets(self._places))

    async def ends(self) -> dict[Place, int]:
        """Return the offset after the newest of each partition."""
        return _named(await self._consumer.end_offsets(self._places))

    async def at(self, time: datetime) -> dict[Place, int]:
        """Return where the records of a time begin; the end where there are none yet."""
        ends = await self.ends()
        milliseconds = int(time.timestamp() * 1000)
        found = await self._consumer.offsets_for_times(dict.fromkeys(self._places, milliseconds))
        later = {(each.topic, each.partition): at.offset for each, at in found.items() if at is not None}
        return {**ends, **{place: offset for place, offset in later.items() if offset >= 0}}

    def seek(self, position: Mapping[Place, int]) -> None:
        """Read on from here."""
        for each in self._places:
            self._consumer.seek(each, position[each.topic, each.partition])

    async def read(self) -> list[Any]:
        """Return the records that have come, in each partition's order; nothing after a moment.

        Raises aiokafka's `OffsetOutOfRangeError` when retention has overtaken the reader.
        """
        return await next_records(self._consumer)

    async def position(self) -> dict[Place, int]:
        """Return the offsets that come next; they also move over aborted records and markers, which never come."""
        return {(each.topic, each.partition): await self._consumer.position(each) for each in self._places}

    async def _find(self, *, fresh: bool = True) -> list[TopicPartition]:
        if fresh:  # a consumer without a topic asks for none
            await self._consumer._client.force_metadata_update()  # noqa: SLF001
        return [
            TopicPartition(topic, partition)
            for topic in self._topics
            for partition in sorted(self._consumer.partitions_for_topic(topic) or ())
        ]


def _named(offsets: Mapping[TopicPartition, int]) -> dict[Place, int]:
    return {(each.topic, each.partition): offset for each, offset in offsets.items()}


Open = Callable[[], Awaitable[LogReader]]
"""Returns a reader that is connected."""


async def opened(kafka: Mapping[str, Any], topics: Sequence[str], *, wait: float = 1.0) -> LogReader:
    """Return a connected reader of topics that exist; waits for the first of them."""
    while True:
        reader = LogReader(kafka, topics)
        await reader.start()
        if any(topic == topics[0] for topic, _ in reader.places):
            return reader
        await reader.stop()
        await asyncio.sleep(wait)
