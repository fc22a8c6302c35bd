"""A subscriber that is cut off at random and comes back with its cursor, at either gateway."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import orjson
from transport_clients import CLIENTS, Client, Told

from streams.gateway.delivery.cursor import CursorError, decode_cursor
from streams.gateway.delivery.filters import Filter

from chaos.reference import Reference

FILTERS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"coverage": "coverage-1"},
    {"coverage": "coverage-0,coverage-2"},
    {"key_event": True},
    {"min_urgency": 3},
    {"q": "fire"},
    {"coverage": "coverage-3", "key_event": True},
    {"source": "radio-quay", "duplicates": "include"},
)
_USABLE: Final = "usable"


@dataclass
class MovingSubscriber:
    """What it holds is what a newsroom's page would show."""

    number: int
    urls: Sequence[str]
    tag: bytes
    chance: random.Random
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    """It has a first cursor."""
    received: list[tuple[str, int]] = field(default_factory=list)
    """Revisions since it began, or since it was told `incomplete`."""
    incomplete: list[tuple[str, bool]] = field(default_factory=list)
    """With which cursor it came when it was told so, and whether that was damaged."""
    cuts: int = 0
    moves: int = 0
    refused: int = 0
    _held: dict[str, int] = field(default_factory=dict)
    _cursor: str = ""
    _damage_next: bool = False
    _was_damaged: bool = False
    _steady: bool = False
    _present: asyncio.Event = field(default_factory=asyncio.Event)
    _away: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.client: Client = CLIENTS[self.number % len(CLIENTS)]
        self.filter = FILTERS[self.number // len(CLIENTS) % len(FILTERS)]
        query = {name: [_text(value)] for name, value in self.filter.items()}
        self.wanted = Filter.read(query)
        self._present.set()

    def begin_with(self, reference: Reference) -> None:
        """Hold what was published before it subscribed."""
        self._held = reference.state(self.wanted)

    def stay(self) -> None:
        """Be cut off no more."""
        self._steady = True

    def damage(self) -> None:
        """Come back with a cursor in which a letter is another."""
        self._damage_next = self._was_damaged = True

    @property
    def is_to_return(self) -> bool:
        """Whether it has yet to come back with its damaged cursor."""
        return self._damage_next

    async def leave(self) -> None:
        """Be away from now on."""
        self._away.clear()
        self._present.clear()
        await self._away.wait()

    def come_back(self) -> None:
        """Be there again."""
        self._present.set()

    async def run(self) -> None:
        """Read until cancelled."""
        at = self.chance.randrange(len(self.urls))
        while True:
            if not self._present.is_set():
                self._away.set()
                await self._present.wait()
            if self.chance.random() < 0.5:
                at = (at + 1) % len(self.urls)
                self.moves += 1
            try:
                await self._read(self.urls[at])
                self.cuts += 1
            except (aiohttp.ClientError, ConnectionError):
                at = (at + 1) % len(self.urls)
            except AssertionError as error:
                if "503" not in str(error):
                    raise
                self.refused += 1
            await asyncio.sleep(self.chance.random() * 0.3)

    async def _read(self, url: str) -> None:
        """Read for a while from one connection."""
        damaged = self._damage_next and bool(self._cursor)
        cursor = self._cursor[:-4] + "AAAA" if damaged else self._cursor
        start = {**self.filter, **({"cursor": cursor} if cursor else {})}
        until = None if self._steady else asyncio.get_running_loop().time() + self.chance.uniform(0.2, 6.0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until), self.client.follow(url, **start) as stream:
                async for told in stream:
                    self._take(told, cursor, damaged=damaged)

    def _take(self, told: Told, came_with: str, *, damaged: bool) -> None:
        if told.kind == "incomplete":
            self.incomplete.append((came_with, damaged))
            self._held, self.received = {}, []
            return
        if told.cursor:
            # Amid the state after `incomplete` there is none: who is cut off there comes back with its old cursor.
            self._cursor = told.cursor
            self._damage_next = self._damage_next and not damaged
            self.begun.set()
        if not told.value:
            return
        self.received.append(told.revision)
        entry_id, revision = told.revision
        if told.kind == "left" or orjson.loads(told.value)["status"] != _USABLE:
            self._held.pop(entry_id, None)
        else:
            self._held[entry_id] = revision

    def has_all(self, reference: Reference) -> bool:
        """Whether it shows what the log says, but for what may have been pruned."""
        held = {entry: revision for entry, revision in self._held.items() if entry not in reference.forgotten}
        return held == reference.state(self.wanted)

    def problems(self, reference: Reference) -> list[str]:
        """Return what this subscriber has too much, or too little, or was told wrongly."""
        who = f"{self.client.name} {self.number} {self.filter}"
        found = []
        if not self.has_all(reference):
            differing = len(self._held.items() ^ reference.state(self.wanted).items())
            found.append(f"{who}: {differing} entries are not as in the log")
        twice = [each for each, count in Counter(self.received).items() if count > 1]
        if twice:
            found.append(f"{who}: {len(twice)} revisions came twice")
        if not self.incomplete and sorted(self.received) != sorted(reference.due(self.wanted)):
            missing = Counter(reference.due(self.wanted)) - Counter(self.received)
            more = Counter(self.received) - Counter(reference.due(self.wanted))
            found.append(f"{who}: {missing.total()} missing, {more.total()} not due")
        found += [
            f"{who}: told incomplete without need" for told in self.incomplete if not self._really(told, reference)
        ]
        if self._was_damaged and not any(damaged for _, damaged in self.incomplete):
            found.append(f"{who}: not told that its cursor was damaged")
        return found

    def _really(self, told: tuple[str, bool], reference: Reference) -> bool:
        cursor, damaged = told
        if damaged:
            return True
        try:
            position = decode_cursor(self.tag, cursor)
        except CursorError:
            return False
        return any(position.get(partition, 0) < floor for partition, floor in reference.floor.items())


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
