"""A topic's records by time, those that are wanted, read with bounded memory."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate, groupby, repeat
from operator import methodcaller
from typing import Any, Final, NamedTuple

from streams.replay.by_time import ByTime, Stamped
from streams.replay.source import Source, Told, UnreadableError, reader_of, times_of
from streams.runtime.kafka.message import Message
from streams.runtime.kafka.read_until import ReadUntil

_HELD_BYTES: Final = 32 * 1024 * 1024
"""Of records that wait for another partition's; one partition may always hold a MiB."""
_PARTITION: Final = methodcaller("partition")
_NEW: Final = tuple.__new__
"""Half the time of the constructor, a hundred thousand times a second."""
_RECORD_BYTES: Final = 500
"""What a record takes beside its value."""


@dataclass(frozen=True, slots=True)
class Query:
    """Which records are wanted."""

    source: Source
    begins: datetime | None = None
    """Within."""
    ends: datetime | None = None
    """Without."""
    wants: Callable[[Mapping[str, Any]], bool] | None = None
    newest: Mapping[bytes, int] | None = None
    """Each key's newest offset, where only that record counts."""

    @property
    def wants_all(self) -> bool:
        """Whether no record is left out for its time or by a filter."""
        return self.begins is None and self.ends is None and self.wants is None


class Found(NamedTuple):
    """A record that is wanted, or one that can't be read."""

    message: Message
    time: datetime | None
    error: str | None = None
    bytes_before: int = 0
    """Of the partition's records that were taken before it."""


@dataclass(slots=True)
class Selection:
    """Reads to the end; `stop` ends it before."""

    reading: ReadUntil
    partitions: tuple[int, ...]
    query: Query
    stop: Callable[[], bool]
    _merged: ByTime[Found] = field(init=False)
    _taken_bytes: dict[int, int] = field(init=False)
    _read: Callable[[Message], Told] = field(init=False)

    def __iter__(self) -> Iterator[list[Stamped[Found]]]:
        """Yield what is wanted by time, as much at once as is certain."""
        self._merged, self._taken_bytes = ByTime(self.partitions), dict.fromkeys(self.partitions, 0)
        self._read = reader_of(self.query.source)
        done = False
        while not done and not self.stop():
            done = self.reading.done
            for partition, run in groupby(self.reading.read(), _PARTITION):
                self._take(partition, list(run))
            for partition in self.reading.ended():
                self._merged.end(partition)
            if ready := self._merged.ready():
                yield ready
            self._balance()

    def _take(self, partition: int, messages: list[Message]) -> None:
        """Take a partition's next records at once: calls for each of them would take twice the time."""
        query = self.query
        if (newest := query.newest) is not None:
            messages = [message for message in messages if newest.get(message.key() or b"") == message.offset()]
        times = times_of(query.source, messages)
        *before, self._taken_bytes[partition] = accumulate(
            [len(message) + _RECORD_BYTES for message in messages], initial=self._taken_bytes[partition]
        )
        offsets = [message.offset() for message in messages]
        read = [time for time in times if not isinstance(time, UnreadableError)]
        if query.wants_all and len(read) == len(times):
            items = [_NEW(Found, each) for each in zip(messages, read, repeat(None), before)]
            self._merged.add(partition, zip(read, offsets, items, strict=True))
            return
        self._merged.add(
            partition,
            (
                (None, offset, Found(message, None, str(time), size))
                if isinstance(time, UnreadableError)
                else (time, offset, Found(message, time, None, size) if self._is_wanted(message, time) else None)
                for message, time, offset, size in zip(messages, times, offsets, before, strict=True)
            ),
        )

    def _is_wanted(self, message: Message, time: datetime) -> bool:
        query = self.query
        return (
            (query.begins is None or time >= query.begins)
            and (query.ends is None or time < query.ends)
            and (query.wants is None or query.wants(self._read(message).fields))
        )

    def _balance(self) -> None:
        """Let partitions that are far ahead wait for the one that all wait for."""
        most = max(1024 * 1024, _HELD_BYTES // len(self.partitions))
        awaited = self._merged.awaited()
        for partition, taken in self._taken_bytes.items():
            first = self._merged.first(partition)
            size = taken - first.bytes_before if first is not None else 0
            if size > most and partition != awaited:
                self.reading.hold(partition)
            elif size < most // 2 or partition == awaited:
                self.reading.go_on(partition)


def newest_offsets(reading: ReadUntil, stop: Callable[[], bool]) -> dict[bytes, int]:
    """Return each key's newest offset, of those that have a value: a tombstone ends a key."""
    newest: dict[bytes, int] = {}
    while not reading.done and not stop():
        for message in reading.read():
            key = message.key() or b""
            if message.value() is None:
                newest.pop(key, None)
            else:
                newest[key] = message.offset()
    return newest
