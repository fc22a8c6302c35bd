"""The dead letters at hand without their bodies: read once, then only what has come since."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from streams.replay.letter import Letter, Place
from streams.replay.letter_filter import LetterFilter
from streams.replay.letter_state import LetterStates, State
from streams.replay.letters import letter_of
from streams.replay.source import UnreadableError
from streams.runtime.kafka.admin import Bounds
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.message import Message
from streams.runtime.kafka.read_until import ReadUntil
from streams.runtime.kafka.watermarks import watermarks_of
from streams.topology import Names

MOST: Final = 10_000
"""Of a partition, its newest: older ones are a matter for `liveline dlq`."""


@dataclass(slots=True)
class LetterShelf:
    """Blocking; for one thread at a time."""

    connection: KafkaConnection
    names: Names
    most: int = MOST
    states: LetterStates = field(init=False)
    _letters: dict[Place, Letter] = field(default_factory=dict, init=False)
    _next: dict[tuple[str, int], int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Hold nothing before `refresh`."""
        self.states = LetterStates(self.names.dead_letters)

    def refresh(self) -> None:
        """Take up what has come since the last time, and let go of what retention has taken; raises `BrokerError`."""
        letters, control = (
            watermarks_of(self.connection, each) for each in (self.names.dead_letters, self.names.control)
        )
        if any(bound.end < self._next.get((self.names.dead_letters, each), 0) for each, bound in letters.items()):
            self._letters.clear()  # the topic was made anew
            self._next.clear()
            self.states = LetterStates(self.names.dead_letters)
        self._read(self.names.control, control, lambda message: self.states.load(message.key(), message.value()))
        newest = {each: Bounds(max(bound.start, bound.end - self.most), bound.end) for each, bound in letters.items()}
        self._read(self.names.dead_letters, newest, self._put)
        for place in [each for each in self._letters if each[0] not in newest or each[1] < newest[each[0]].start]:
            del self._letters[place]

    def find(self, wanted: LetterFilter) -> list[Letter]:
        """Return the letters that fit, those first that failed last."""
        found = [letter for letter in self._letters.values() if wanted.fits(letter, self.states.state(letter))]
        return sorted(found, key=lambda letter: (letter.failed_at, letter.place), reverse=True)

    def waiting(self) -> Counter[tuple[str, str]]:
        """Count the letters that wait, by source and stage."""
        wanted = LetterFilter(state=State.WAITING)
        return Counter((letter.source, letter.stage) for letter in self.find(wanted))

    def _put(self, message: Message) -> None:
        try:
            letter = letter_of(message)
        except UnreadableError:
            return  # Kafka takes any bytes as a header's name; `liveline dlq` names such a record
        self._letters[letter.place] = letter

    def _read(self, topic: str, bounds: Mapping[int, Bounds], take: Callable[[Message], None]) -> None:
        ranges = {
            each: Bounds(max(bound.start, self._next.get((topic, each), 0)), bound.end)
            for each, bound in bounds.items()
        }
        wanted = {each: bound for each, bound in ranges.items() if bound.start < bound.end}
        if wanted:
            with ReadUntil(self.connection, topic, wanted) as reading:
                while not reading.done:
                    for message in reading.read():
                        take(message)
        self._next |= {(topic, each): bound.end for each, bound in bounds.items()}
