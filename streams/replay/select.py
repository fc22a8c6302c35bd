"""A topic's records by time, those that are wanted, read with bounded memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from streams.replay.by_time import ByTime, Stamped
from streams.replay.source import Source, Told, UnreadableError, reader_of
from streams.runtime.kafka.message import Message
from streams.runtime.kafka.read_until import ReadUntil

_HELD_BYTES: Final = 32 * 1024 * 1024
"""Of records that wait for another partition's; one partition may always hold a MiB."""
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


class Found(NamedTuple):
    """A record that is wanted, or one that can't be read."""

    message: Message
    time: datetime | None
    error: str | None = None


@dataclass(slots=True)
class Selection:
    """Reads to the end; `stop` ends it before."""

    reading: ReadUntil
    partitions: tuple[int, ...]
    query: Query
    stop: Callable[[], bool]
    _merged: ByTime[Found] = field(init=False)
    _bytes: dict[int, int] = field(init=False)
    _read: Callable[[Message], Told] = field(init=False)

    def __iter__(self) -> Iterator[list[Stamped[Found]]]:
        """Yield what is wanted by time, as much at once as is certain."""
        self._merged, self._bytes = ByTime(self.partitions), dict.fromkeys(self.partitions, 0)
        self._read = reader_of(self.query.source)
        done = False
        while not done and not self.stop():
            done = self.reading.done
            self._take(self.reading.read())
            for partition in self.reading.ended():
                self._merged.end(partition)
            if ready := self._merged.ready():
                for stamped in ready:
                    self._bytes[stamped.partition] -= len(stamped.item.message) + _RECORD_BYTES
                yield ready
            self._balance()

    def _take(self, messages: Iterable[Message]) -> None:
        query, merged, read, held = self.query, self._merged, self._read, self._bytes
        begins, ends, wants, newest = query.begins, query.ends, query.wants, query.newest
        for message in messages:
            partition, offset = message.partition(), message.offset()
            if newest is not None and newest.get(message.key() or b"") != offset:
                continue
            try:
                time, fields = read(message)
            except UnreadableError as error:
                found, counts_as = Found(message, None, str(error)), merged.see(partition, None)
            else:
                counts_as = merged.see(partition, time)
                if (
                    (begins is not None and time < begins)
                    or (ends is not None and time >= ends)
                    or (wants is not None and not wants(fields))
                ):
                    continue
                found = Found(message, time)
            held[partition] += len(message) + _RECORD_BYTES
            merged.add(Stamped(counts_as, partition, offset, found))

    def _balance(self) -> None:
        """Let partitions that are far ahead wait for the one that all wait for."""
        most = max(1024 * 1024, _HELD_BYTES // len(self.partitions))
        awaited = self._merged.awaited()
        for partition, size in self._bytes.items():
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
