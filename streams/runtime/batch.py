"""What a fetch brought for one partition, handed over as one Faust message."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from faust.serializers import codecs
from faust.types import TP


class RawRecord(Protocol):
    """A record as aiokafka's consumer gives it."""

    offset: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive records of one partition, and the epoch in which they were fetched."""

    tp: TP
    epoch: int
    """A batch of an epoch that is over is dropped: its records are fetched again."""
    records: Sequence[RawRecord]
    start: int
    """The position from which it was read; the batch before must have ended there, whatever offsets its records have:
    control records, aborted ones and compaction leave gaps between offsets, and lost records do."""
    end: int
    """The position after it."""

    def split(self, max_records: int, max_bytes: int) -> Iterator[Sequence[RawRecord]]:
        """Yield parts small enough for one transaction each; a record alone may be larger than `max_bytes`."""
        start = size = 0
        for index, record in enumerate(self.records):
            length = len(record.value or b"")
            if index > start and (index - start >= max_records or size + length > max_bytes):
                yield self.records[start:index]
                start, size = index, 0
            size += length
        if start < len(self.records):
            yield self.records[start:]


class _Untouched(codecs.Codec):
    """Faust's `raw` codec wants bytes; a batch is no bytes and needs no decoding."""

    def _loads(self, s: Any) -> Any:
        return s

    def _dumps(self, s: Any) -> Any:
        return s


def batch_serializer() -> codecs.Codec:
    """Return the codec of a Faust topic whose values are batches."""
    return _Untouched()
