"""A log of entries in memory, as a gateway's archiver reads it."""

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from streams.gateway.feed.log import MissingRecordsError

_POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class FakeEntryRecord:
    """A record as the gateway looks at it."""

    partition: int
    offset: int
    value: bytes | None


@dataclass
class FakeTopic:
    """What the log holds; it outlives those who read it."""

    partitions: int = 3
    name: str = "fake.entries"
    records: dict[int, list[FakeEntryRecord]] = field(default_factory=dict)
    begins: dict[int, int] = field(default_factory=dict)
    next_offset: dict[int, int] = field(default_factory=dict)
    written: asyncio.Event = field(default_factory=asyncio.Event)

    def append(self, value: bytes | None, partition: int = 0, *, gap: int = 0) -> int:
        """Write a record and return its offset; `gap` offsets before it are an aborted transaction's."""
        offset = self.next_offset.get(partition, 0) + gap
        self.records.setdefault(partition, []).append(FakeEntryRecord(partition, offset, value))
        self.next_offset[partition] = offset + 1
        self.written.set()
        return offset

    def cut(self, partition: int, before: int) -> None:
        """Forget what stands before an offset, as retention does."""
        self.begins[partition] = before
        self.records[partition] = [each for each in self.records.get(partition, []) if each.offset >= before]


class FakeLog:
    """One reading of a topic in memory."""

    def __init__(self, topic: FakeTopic) -> None:
        """Nothing is read before `seek`."""
        self._topic = topic
        self._position: dict[int, int] = {}
        self._end: dict[int, int] = {}

    @property
    def topic(self) -> str:
        """Its name."""
        return self._topic.name

    async def start(self) -> Sequence[int]:
        """Return the partitions."""
        return range(self._topic.partitions)

    async def stop(self) -> None:
        """Do nothing: nothing is open."""

    async def seek(self, position: Mapping[int, int]) -> None:
        """Read on from a position; raises `MissingRecordsError` when the log begins later."""
        begins = {each: self._topic.begins.get(each, 0) for each in range(self._topic.partitions)}
        self._position = {each: max(position.get(each, 0), begin) for each, begin in begins.items()}
        self._end = dict(self._topic.next_offset)
        if later := {each: begin for each, begin in begins.items() if begin > position.get(each, 0)}:
            raise MissingRecordsError(later)

    async def read(self) -> Sequence[FakeEntryRecord]:
        """Return what has been written since, nothing after a moment."""
        self._topic.written.clear()
        found = [
            record
            for partition, position in self._position.items()
            for record in self._topic.records.get(partition, [])
            if record.offset >= position
        ]
        for record in found:
            self._position[record.partition] = record.offset + 1
        if not found:
            # Not `wait_for`: on Python 3.11 it swallows a cancellation that comes with what it waits for.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_POLL_SECONDS):
                    await self._topic.written.wait()
        return found

    def grown(self) -> bool:
        """Say no: the topic keeps its partitions."""
        return False

    async def caught_up(self) -> bool:
        """Whether all is read that stood there at `seek`."""
        return all(self._position.get(each, 0) >= end for each, end in self._end.items())

    async def lag(self) -> Mapping[int, int]:
        """Return how many offsets are not read yet."""
        return {each: max(0, end - self._position.get(each, 0)) for each, end in self._topic.next_offset.items()}

    def heard(self) -> int:
        """Return now: it always answers."""
        return int(time.time() * 1000)
