"""What became of dead letters: records of the compacted `liveline.control`, so that every machine sees them; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import orjson

from schemas.envelope import rfc3339
from streams.replay.letter import Letter, Place, write_id

_KEY: Final = "dead-letter/"


class State(StrEnum):
    """What became of a letter."""

    WAITING = "waiting"
    RETRIED = "retried"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class _Told:
    state: State
    tries: int
    failed_at: str


@dataclass(slots=True)
class LetterStates:
    """The states of all letters of one topic."""

    topic: str
    _told: dict[str, _Told] = field(default_factory=dict)

    def load(self, key: bytes | None, value: bytes | None) -> None:
        """Take up a record of `liveline.control`; those of other things are passed over."""
        text = (key or b"").decode(errors="replace")
        if not text.startswith(prefix := f"{_KEY}{self.topic}/"):
            return
        id_ = text.removeprefix(prefix)
        if value is None:
            self._told.pop(id_, None)
            return
        found: dict[str, Any] = orjson.loads(value)
        self._told[id_] = _Told(State(found["state"]), found["tries"], found["failed_at"])

    def state(self, letter: Letter) -> State:
        """Return what became of a letter; one of a topic that was made anew has no state of its namesake."""
        told = self._told.get(write_id(letter.place))
        return told.state if told is not None and told.failed_at == rfc3339(letter.failed_at) else State.WAITING

    def tries(self, letter: Letter) -> int:
        """Return how often a letter, or the one that failed first, was given back."""
        told = self._told.get(write_id(letter.first))
        if told is None or (letter.retry_of is None and told.failed_at != rfc3339(letter.failed_at)):
            return 0
        return told.tries

    def change(self, letter: Letter, state: State, now: datetime) -> Iterable[tuple[bytes, bytes]]:
        """Yield the records that say what became of a letter; a retry counts at the one that failed first, too."""
        tries = self.tries(letter) + (state is State.RETRIED)
        yield self._record(letter.place, _Told(state, tries, rfc3339(letter.failed_at)), now)
        if state is State.RETRIED and letter.retry_of is not None:
            first = self._told.get(write_id(letter.first))
            failed_at = first.failed_at if first else ""
            yield self._record(letter.first, _Told(first.state if first else state, tries, failed_at), now)

    def _record(self, place: Place, told: _Told, now: datetime) -> tuple[bytes, bytes]:
        id_ = write_id(place)
        self._told[id_] = told
        value = {"state": told.state, "tries": told.tries, "failed_at": told.failed_at, "at": rfc3339(now)}
        return f"{_KEY}{self.topic}/{id_}".encode(), orjson.dumps(value)
