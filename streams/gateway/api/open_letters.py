"""The dead letters as a gateway uses them: read in a thread of their own, when somebody asks."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, TypeVar

import structlog
from confluent_kafka import KafkaException

from streams.exceptions import BrokerError
from streams.gateway.http.problem import Problem
from streams.replay.letter import Letter, Place, letter_dict
from streams.replay.letter_change import LetterDoneError, UnknownLetterError, change_letter, show_letter
from streams.replay.letter_filter import LetterFilter
from streams.replay.letter_shelf import LetterShelf
from streams.replay.letter_state import State
from streams.replay.letters import CutLetterError
from streams.runtime.kafka.connection import KafkaConnection
from streams.topology import Names

Result = TypeVar("Result")
_RETRY_AFTER_SECONDS: Final = "5"


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A part of a list, those first that failed last."""

    letters: list[dict[str, Any]]
    next: str | None
    waiting: Counter[tuple[str, str]]
    """All that wait, by source and stage, whatever the filter."""


@dataclass(slots=True)
class OpenLetters:
    """The dead letters of a Kafka; each call raises a `Problem` with what a client is told."""

    connection: KafkaConnection | None
    names: Names
    log: structlog.stdlib.BoundLogger
    _shelf: LetterShelf | None = None
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "gateway-letters"))

    async def page(self, wanted: LetterFilter, after: str | None, limit: int) -> LetterPage:
        """Return letters that fit; `after` is the `next` of the page before."""
        before = _read_place(after) if after is not None else None
        return await self._call(lambda connection: self._page(connection, wanted, before, limit))

    async def show(self, place: Place) -> dict[str, Any]:
        """Return a letter with its headers and body."""
        return await self._call(lambda connection: show_letter(connection, self.names, place))

    async def change(self, place: Place, state: State, changes: Mapping[str, str], *, again: bool) -> dict[str, Any]:
        """Give a letter back or discard it; returns the letter as it is listed then."""
        changed = await self._call(
            lambda connection: change_letter(connection, self.names, place, state, changes, again=again)
        )
        self.log.info("dead_letter.changed", letter=changed["id"], state=changed["state"])
        return changed

    def close(self) -> None:
        """Finish what is under way."""
        self._thread.shutdown(wait=True)

    def _page(
        self, connection: KafkaConnection, wanted: LetterFilter, before: "_Order | None", limit: int
    ) -> LetterPage:
        if self._shelf is None:
            self._shelf = LetterShelf(connection, self.names)
        shelf = self._shelf
        shelf.refresh()
        found = [letter for letter in shelf.find(wanted) if before is None or _order(letter) < before]
        part = found[:limit]
        states = shelf.states
        return LetterPage(
            [letter_dict(letter, states.state(letter), states.tries(letter)) for letter in part],
            _write_place(part[-1]) if len(found) > limit else None,
            shelf.waiting(),
        )

    async def _call(self, work: Callable[[KafkaConnection], Result]) -> Result:
        connection = self.connection
        if connection is None:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "this gateway was not given a Kafka with dead letters")
        try:
            return await asyncio.wrap_future(self._thread.submit(work, connection))
        except UnknownLetterError as error:
            raise Problem(HTTPStatus.NOT_FOUND, str(error)) from error
        except (LetterDoneError, CutLetterError) as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from error
        except (BrokerError, KafkaException) as error:
            self.log.warning("dead_letters.unreachable", error=str(error))
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "the dead letters can't be read or changed now; the log says more",
                {"Retry-After": _RETRY_AFTER_SECONDS},
            ) from error


_Order = tuple[int, int, int]
_PARTS: Final = 3
_DIGITS: Final = 18


def _order(letter: Letter) -> _Order:
    return (int(letter.failed_at.timestamp() * 1_000_000), *letter.place)


def _write_place(letter: Letter) -> str:
    return "-".join(map(str, _order(letter)))


def _read_place(text: str) -> _Order:
    parts = text.split("-")
    if len(parts) != _PARTS or not all(each.isascii() and each.isdecimal() and len(each) <= _DIGITS for each in parts):
        raise Problem(HTTPStatus.BAD_REQUEST, "cursor is none that this gateway gave out")
    time, partition, offset = map(int, parts)
    return time, partition, offset
