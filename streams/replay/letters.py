"""The dead letters of a Kafka, with their states: listed, looked at, given back, discarded."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog

from streams.exceptions import LivelineError
from streams.replay.letter import Letter, Place, retry_of, write_id
from streams.replay.letter_state import LetterStates, State
from streams.replay.select import Query, Selection
from streams.replay.source import Source, reader_of
from streams.runtime.kafka.admin import Bounds, bounds_of
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.message import Message
from streams.runtime.kafka.read_until import ReadUntil
from streams.runtime.kafka.transactions import Transactions
from streams.topology import Names

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 100
_BYTES_AT_ONCE: Final = 16 * 1024 * 1024


class CutLetterError(LivelineError):
    """The letter does not hold its whole document."""


@dataclass(slots=True)
class DeadLetters:
    """What is there when it is made; read once, the letters without their bodies."""

    connection: KafkaConnection
    names: Names
    stop: Callable[[], bool] = lambda: False
    bounds: Callable[[KafkaConnection, str], Mapping[int, Bounds]] = bounds_of
    """What says what a topic's partitions hold."""
    states: LetterStates = field(init=False)
    _bounds: Mapping[int, Bounds] = field(init=False)

    def __post_init__(self) -> None:
        """Read what became of letters."""
        self.states = LetterStates(self.names.dead_letters)
        with self._reading(self.names.control, self.bounds(self.connection, self.names.control)) as reading:
            while not reading.done:
                for message in reading.read():
                    self.states.load(message.key(), message.value())
        self._bounds = self.bounds(self.connection, self.names.dead_letters)

    def all(self, begins: datetime | None = None, ends: datetime | None = None) -> Iterator[Letter]:
        """Yield letters by the time at which they failed."""
        query = Query(Source.DEAD_LETTERS, begins, ends)
        with self._reading(self.names.dead_letters, self._bounds) as reading:
            for batch in Selection(reading, tuple(self._bounds), query, self.stop):
                for stamped in batch:
                    if stamped.item.error is None:
                        yield letter_of(stamped.item.message)
                    else:
                        id_ = write_id((stamped.partition, stamped.offset))
                        log.warning("letter.unreadable", letter=id_, error=stamped.item.error)

    def messages(self, places: Iterable[Place]) -> dict[Place, Message]:
        """Return the records at these places, of those that there are."""
        wanted = set(places)
        ranges: dict[int, Bounds] = {}
        for partition in {place[0] for place in wanted} & set(self._bounds):
            offsets = [offset for number, offset in wanted if number == partition]
            have = self._bounds[partition]
            ranges[partition] = Bounds(max(have.start, min(offsets)), min(have.end, max(offsets) + 1))
        found = {}
        with self._reading(self.names.dead_letters, ranges) as reading:
            while not reading.done:
                for message in reading.read():
                    if (place := (message.partition(), message.offset())) in wanted:
                        found[place] = message
        return found

    def retry(
        self, letters: Sequence[Letter], changes: Mapping[str, str], transactions: Transactions
    ) -> Iterator[Letter]:
        """Put documents back on `liveline.raw`; yields each letter once its document and state are committed."""
        for part in _parts(sorted(letters, key=Letter.order)):
            messages = self.messages(letter.place for letter in part)
            now = datetime.now(UTC)
            for letter in part:
                retry = retry_of(letter, messages[letter.place], changes, now)
                transactions.write(
                    self.names.raw,
                    retry.key,
                    retry.value,
                    retry.headers,
                    partition=retry.partition,
                    timestamp_ms=retry.timestamp_ms,
                )
                self._tell(letter, State.RETRIED, now, transactions)
            transactions.commit()
            yield from part
            if self.stop():
                return

    def discard(self, letters: Sequence[Letter], transactions: Transactions) -> Iterator[Letter]:
        """Note that letters are not to be processed any more; they stay until retention takes them."""
        for part in _parts(sorted(letters, key=Letter.order)):
            for letter in part:
                self._tell(letter, State.DISCARDED, datetime.now(UTC), transactions)
            transactions.commit()
            yield from part
            if self.stop():
                return

    def _tell(self, letter: Letter, state: State, now: datetime, transactions: Transactions) -> None:
        for key, value in self.states.change(letter, state, now):
            transactions.write(self.names.control, key, value, partition=0)

    def _reading(self, topic: str, bounds: Mapping[int, Bounds]) -> ReadUntil:
        return ReadUntil(self.connection, topic, bounds)


def letter_of(message: Message) -> Letter:
    """Return the letter that a record is."""
    return Letter.of(message, reader_of(Source.DEAD_LETTERS)(message).time)


def need_whole(letter: Letter) -> None:
    """Raise `CutLetterError` for a letter that holds only the beginning of its document."""
    if letter.cut_from is not None:
        origin = "/".join(map(str, letter.origin)) if letter.origin else "unknown"
        raise CutLetterError(
            f"{write_id(letter.place)}: holds the first {letter.bytes:,} of {letter.cut_from} bytes; the document "
            f"stands at {origin}, as long as that topic keeps it"
        )


def _parts(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Yield what is read and committed at once."""
    part: list[Letter] = []
    size = 0
    for letter in letters:
        if part and (len(part) >= _AT_ONCE or size + letter.bytes > _BYTES_AT_ONCE):
            yield part
            part, size = [], 0
        part.append(letter)
        size += letter.bytes
    if part:
        yield part
