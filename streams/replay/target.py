"""Where replayed records go: lines on standard output, or another topic in transactions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Final, Protocol

from schemas.envelope import rfc3339
from streams.replay.by_time import Stamped
from streams.replay.select import Found
from streams.replay.source import Source, headers_of, line_of
from streams.runtime.kafka.transactions import Transactions

_IN_A_TRANSACTION: Final = 500
_LINES_AT_ONCE: Final = 40
"""Some 64 KB: what stays in the processor's cache is joined and written several times as quick."""
REPLAYED_FROM: Final = "liveline-replayed-from"


class Target(Protocol):
    """Takes records one by one."""

    def put(self, stamped: Stamped[Found]) -> None:
        """Take a record; raises `UnreadableError` for one that has no line."""

    def put_all(self, batch: Sequence[Stamped[Found]]) -> bool:
        """Take records at once, or none of them and return False: then each is to be put by itself."""

    def flush(self) -> None:
        """Give out what was taken: nothing may come for a while."""


@dataclass(slots=True)
class Lines:
    """One line a record."""

    out: BinaryIO
    source: Source

    def put(self, stamped: Stamped[Found]) -> None:
        """Write the line."""
        self.out.write(line_of(self.source, stamped.item.message) + b"\n")

    def put_all(self, batch: Sequence[Stamped[Found]]) -> bool:
        """Write the values as they are, which nearly always are one line each."""
        if self.source.holds_documents:
            return False
        if [stamped for stamped in batch if stamped.item.error is not None]:
            return False
        for start in range(0, len(batch), _LINES_AT_ONCE):
            messages = [stamped.item.message for stamped in batch[start : start + _LINES_AT_ONCE]]
            values = [message.value() or b"" for message in messages]
            if [value for value in values if b"\n" in value]:
                values = [line_of(self.source, message) for message in messages]
            values.append(b"")
            self.out.write(b"\n".join(values))
        return True

    def flush(self) -> None:
        """Write what is buffered."""
        self.out.flush()


@dataclass(slots=True)
class Into:
    """Writes records as they are, to the partition that they came from; `flush` commits."""

    transactions: Transactions
    source_topic: str
    topic: str
    _written: int = field(default=0, init=False)
    _bytes: int = field(default=0, init=False)
    _commits: int = field(default=0, init=False)
    _pending: int = field(default=0, init=False)
    _times: list[datetime] = field(default_factory=list, init=False)

    def put(self, stamped: Stamped[Found]) -> None:
        """Write the record, and commit each 500."""
        message = stamped.item.message
        origin = f"{self.source_topic}/{stamped.partition}/{stamped.offset}"
        self.transactions.write(
            self.topic,
            message.key(),
            message.value(),
            (*headers_of(message), (REPLAYED_FROM, origin.encode())),
            partition=stamped.partition,
            timestamp_ms=message.timestamp()[1],
        )
        self._pending += 1
        self._bytes += len(message.value() or b"")
        if stamped.item.time is not None:
            self._times = [self._times[0] if self._times else stamped.item.time, stamped.item.time]
        if self._pending >= _IN_A_TRANSACTION:
            self.flush()

    def put_all(self, batch: Sequence[Stamped[Found]]) -> bool:  # noqa: ARG002
        """Leave it to `put`."""
        return False

    def flush(self) -> None:
        """Commit what is written."""
        if self._pending:
            self.transactions.commit()
            self._commits += 1
            self._written += self._pending
            self._pending = 0

    def summary(self) -> dict[str, Any]:
        """Return what was written, as far as it is committed."""
        times = {"first": rfc3339(self._times[0]), "last": rfc3339(self._times[1])} if self._times else {}
        return {
            "from": self.source_topic,
            "into": self.topic,
            "records": self._written,
            "bytes": self._bytes,
            "transactions": self._commits,
            **times,
        }
