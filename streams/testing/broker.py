"""A broker in memory that keeps Kafka's promises about transactions: isolation, fencing, offsets that join."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from schemas.envelope import Headers
from streams.record import Record
from streams.runtime.ledger.ledger import FencedError, RecordRefusedError, RecordTooLargeError
from streams.testing.clock import FakeClock

_MOST_AHEAD_MS = 60 * 60 * 1000  # Kafka's default of `message.timestamp.after.max.ms`


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

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or FakeClock()
        self._logs: dict[tuple[str, int], list[tuple[FakeRecord, _Transaction | None]]] = defaultdict(list)
        self._epochs: dict[str, int] = defaultdict(int)
        self._open: dict[str, _Transaction] = {}
        self._offsets: dict[tuple[str, str, int], int] = {}
        self._beginnings: dict[tuple[str, int], int] = defaultdict(int)
        self.max_bytes: dict[str, int] = {}
        """Of a message, by topic; a larger one is refused."""

    # -- what producers do

    def append(
        self,
        topic: str,
        partition: int,
        key: bytes | None,
        value: bytes | None,
        headers: Headers = (),
        timestamp_ms: int | None = None,
    ) -> FakeRecord:
        """Write a record outside any transaction."""
        return self._write(topic, partition, FakeRecord(0, key, value, headers, timestamp_ms or self._now_ms()), None)

    def open(self, transactional_id: str) -> int:
        """Fence whoever had the id, end what it left open, and return the new epoch."""
        self._end(transactional_id, _State.ABORTED)
        self._epochs[transactional_id] += 1
        return self._epochs[transactional_id]

    def begin(self, transactional_id: str, epoch: int) -> None:
        """Begin a transaction; raises `FencedError` for an epoch that is over, as all that follow do."""
        self._check(transactional_id, epoch)
        self._open[transactional_id] = _Transaction()

    def send(self, transactional_id: str, epoch: int, partition: int, record: Record) -> None:
        """Write a record in the open transaction."""
        self._check(transactional_id, epoch)
        topic, size = record.topic, len(record.value or b"")
        if size > self.max_bytes.get(topic, size):
            raise RecordTooLargeError(f"{topic} takes {self.max_bytes[topic]:,} bytes, found {size:,}")
        time = self._now_ms() if record.timestamp_ms is None else record.timestamp_ms
        if not 0 <= time <= self._now_ms() + _MOST_AHEAD_MS:
            raise RecordRefusedError(f"{topic} takes times from 1970 to an hour ahead, found {time} ms")
        written = FakeRecord(0, record.key, record.value, tuple(record.headers), time)
        self._write(topic, partition, written, self._open[transactional_id])

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

    def _write(self, topic: str, partition: int, record: FakeRecord, transaction: _Transaction | None) -> FakeRecord:
        log = self._logs[topic, partition]
        record = replace(record, offset=log[-1][0].offset + 1 if log else 0)
        log.append((record, transaction))
        return record

    def _now_ms(self) -> int:
        return int(self._clock().timestamp() * 1000)

    def _end(self, transactional_id: str, state: _State) -> None:
        if (transaction := self._open.pop(transactional_id, None)) is not None:
            transaction.state = state

    def _check(self, transactional_id: str, epoch: int) -> None:
        if self._epochs[transactional_id] != epoch:
            raise FencedError(f"{transactional_id} has another owner")
