"""Header names that are not UTF-8: Kafka takes any bytes, and on one of them aiokafka's consumer fails for ever.

Its parser raises in the middle of a fetch, so that neither the record nor what follows it can be read. A batch on which
it does is read again by aiokafka's own parser in Python, with backslash escapes in such names; all others cost nothing.
"""

import struct
from collections.abc import Iterator
from typing import Any, Final

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

_BATCH: Final = struct.Struct(">qi")
"""How a batch begins: its first offset, and the length of what follows."""
_HEADERS_FROM: Final = 2
"""The record format that has headers."""


class AnyHeaderNames:
    """A fetch's records of a partition, as aiokafka's `MemoryRecords` gives them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._records: Any = MemoryRecords(data)

    def has_next(self) -> bool:
        """Whether there is another batch."""
        return bool(self._records.has_next())

    def size_in_bytes(self) -> int:
        """How much there is."""
        return int(self._records.size_in_bytes())

    def next_batch(self) -> Any:
        """Return the next batch."""
        batch = self._records.next_batch()
        return batch if batch is None or batch.magic < _HEADERS_FROM else _Batch(batch, self._data)


class _Batch:
    """A batch that is read again where its first reading fails."""

    def __init__(self, batch: Any, data: bytes) -> None:
        self._batch, self._data = batch, data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)  # only control batches are read so, which have no headers

    def __iter__(self) -> Iterator[Any]:
        last = -1
        try:
            for record in self._batch:
                last = record.offset
                yield record
        except UnicodeDecodeError:
            for record in _EscapingBatch(_bytes_of(self._data, self._batch.base_offset)):
                if record.offset > last:
                    yield record


class _Name(bytes):
    """A part of a batch; what is decoded of it is a header's name."""

    __slots__ = ()

    def decode(self, *_: Any, **__: Any) -> str:
        return super().decode("utf-8", "backslashreplace")


class _Escaping(bytearray):
    """A batch's bytes."""

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return _Name(found) if isinstance(key, slice) else found


class _EscapingBatch(_DefaultRecordBatchPy):  # type: ignore[misc]  # aiokafka has no types
    _buffer: Any

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer = _Escaping(self._buffer)


def _bytes_of(data: bytes, base_offset: int) -> bytes:
    start = 0
    while True:
        offset, length = _BATCH.unpack_from(data, start)
        end = start + _BATCH.size + length
        if offset == base_offset:
            return data[start:end]
        start = end


def accept_any_header_name() -> None:
    """Let this process's consumers read such records; aiokafka has no setting for it."""
    fetcher.MemoryRecords = AnyHeaderNames
