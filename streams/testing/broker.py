"""A broker in memory that keeps Kafka's promises about transactions: isolation, fencing, offsets that join."""

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum, auto

from schemas.envelope import Headers
from streams.runtime.ledger import FencedError, RecordTooLargeError


class _State(Enum):
    OPEN = auto()
    COMMITTED = auto()
    ABORTED = auto()


@dataclass(slots=True)
class _Transaction:
    state: _State = _State.OPEN
    offsets: dict[tuple[str, str, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FakeRecord:
    """A record as a consumer gets it."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp: int = 0
    timestamp_type: int = 0


class FakeBroker:
    """Logs, transactions and committed offsets; synchronous, since nothing of it waits."""

    def __init__(self) -> None:
        self._logs: dict[tuple[str, int], list[tuple[FakeRecord, _Transaction | None]]] = defaultdict(list)
        self._epochs: dict[str, int] = defaultdict(int)
        self._open: dict[str, _Transaction] = {}
        self._offsets: dict[tuple[str, str, int], int] = {}
        self._beginnings: dict[tuple[str, int], int] = defaultdict(int)
        self._time = itertools.count(1)
        self.max_bytes: dict[str, int] = {}
        """Of a message, by topic; a larger one is refused."""

    # -- what producers do

    def append(
        self, topic: str, partition: int, key: bytes | None, value: bytes | None, headers: Headers = ()
    ) -> FakeRecord:
        """Write a record outside any transaction."""
        return self._write(topic, partition, key, value, headers, None)

    def open(self, transactional_id: str) -> int:
        """Fence whoever had the id, end what it left open, and return the new epoch."""
        self._end(transactional_id, _State.ABORTED)
        self._epochs[transactional_id] += 1
        return self._epochs[transactional_id]

    def begin(self, transactional_id: str, epoch: int) -> None:
        """Begin a transaction; raises `FencedError` for an epoch that is over, as all that follow do."""
        self._check(transactional_id, epoch)
        self._open[transactional_id] = _Transaction()

    def send(
        self,
        transactional_id: str,
        epoch: int,
        topic: str,
        partition: int,
        key: bytes,
        value: bytes | None,
        headers: Headers,
    ) -> None:
        """Write a record in the open transaction."""
        self._check(transactional_id, epoch)
        if len(value or b"") > self.max_bytes.get(topic, len(value or b"")):
            raise RecordTooLargeError(f"{topic} takes {self.max_bytes[topic]:,} bytes, found {len(value or b''):,}")
        self._write(topic, partition, key, value, headers, self._open[transactional_id])

    def send_offset(
        self, transactional_id: str, epoch: int, *, group: str, topic: str, partition: int, offset: int
    ) -> None:
        """Let a group's offset join the open transaction."""
        self._check(transactional_id, epoch)
        self._open[transactional_id].offsets[group, topic, partition] = offset

    def commit(self, transactional_id: str, epoch: int) -> None:
        """Make all of the transaction visible, or nothing."""
        self._check(transactional_id, epoch)
        self._offsets.update(self._open[transactional_id].offsets)
        self._end(transactional_id, _State.COMMITTED)

    def abort(self, transactional_id: str, epoch: int) -> None:
        """Give the open transaction up."""
        self._check(transactional_id, epoch)
        self._end(transactional_id, _State.ABORTED)

    # -- what consumers do

    def read(self, topic: str, partition: int, start: int = 0) -> list[FakeRecord]:
        """Return what is committed from an offset on, up to the first transaction that is still open."""
        found: list[FakeRecord] = []
        start = max(start, self._beginnings[topic, partition])
        for record, transaction in self._logs[topic, partition]:
            if transaction is not None and transaction.state is _State.OPEN:
                break
            if record.offset >= start and (transaction is None or transaction.state is _State.COMMITTED):
                found.append(record)
        return found

    def committed(self, group: str, topic: str, partition: int) -> int | None:
        """Return a group's committed offset, or None."""
        return self._offsets.get((group, topic, partition))

    def beginning(self, topic: str, partition: int) -> int:
        """Return the first offset that is kept."""
        return self._beginnings[topic, partition]

    # -- what retention does

    def delete_before(self, topic: str, partition: int, offset: int) -> None:
        """Keep nothing before this offset."""
        self._beginnings[topic, partition] = offset

    # -- how

    def _write(
        self,
        topic: str,
        partition: int,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        transaction: _Transaction | None,
    ) -> FakeRecord:
        log = self._logs[topic, partition]
        record = FakeRecord(log[-1][0].offset + 1 if log else 0, key, value, headers, next(self._time))
        log.append((record, transaction))
        return record

    def _end(self, transactional_id: str, state: _State) -> None:
        if (transaction := self._open.pop(transactional_id, None)) is not None:
            transaction.state = state

    def _check(self, transactional_id: str, epoch: int) -> None:
        if self._epochs[transactional_id] != epoch:
            raise FencedError(f"{transactional_id} has another owner")
