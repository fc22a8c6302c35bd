"""A subscriber without a connection: what it was told stands in a list."""

import asyncio
from dataclasses import dataclass, field

import orjson

from streams.archive import Due, Wanted
from streams.gateway.delivery.filters import Filter
from streams.gateway.delivery.transport import Began


@dataclass(frozen=True)
class FakeEncoder:
    """Says things as JSON lines: what happened, an entry's id and revision, the cursor."""

    name: str = ""

    def began(self, how: Began, cursor: str | None) -> bytes:
        """Return how it began."""
        return _line("began", how.value, cursor)

    def entry(self, value: bytes, due: Due, cursor: str | None) -> bytes:
        """Return which revision it is, and how it is due."""
        entry = orjson.loads(value)
        how = "entry" if due is Due.ENTRY else "left"
        return _line(how, f"{entry['headline']}:{entry['revision']}", cursor)

    def alert(self, value: bytes) -> bytes:
        """Return an alert."""
        return _line("alert", value.decode(), None)

    def incomplete(self, reason: str) -> bytes:
        """Return the reason."""
        return _line("incomplete", reason, None)

    def live(self, cursor: str) -> bytes:
        """Return the place where it became live."""
        return _line("live", "", cursor)


@dataclass(eq=False)
class FakeSubscriber:
    """Reads at once, until it is told to stall."""

    wanted: Wanted = field(default_factory=Filter)
    encoder: FakeEncoder = field(default_factory=FakeEncoder)
    alerts: bool = False
    open: bool = True
    dropped: bool = False
    sent_away: bool = False
    beats: int = 0
    writes: list[bytes] = field(default_factory=list)
    """What was handed over, each write as it was."""
    is_live: bool = False
    reading: asyncio.Event = field(default_factory=asyncio.Event)
    paused: bool = False

    def __post_init__(self) -> None:
        self.reading.set()

    def stall(self) -> None:
        """Read no more."""
        self.paused = True
        self.reading.clear()

    def read(self) -> None:
        """Read what waits."""
        self.paused = False
        self.reading.set()

    def may_be_told_of(self, coverage: str) -> bool:
        """Whether an alert of this coverage is wanted."""
        return not self.wanted.coverages or coverage in self.wanted.coverages

    def write(self, data: bytes) -> None:
        """Take bytes."""
        self.writes.append(data)

    async def room(self) -> bool:
        """Wait while it stalls."""
        if not (self.paused and self.open):
            return False
        await self.reading.wait()
        return True

    def live(self) -> None:
        """Note that it is."""
        self.is_live = True

    def beat(self) -> None:
        """Count heartbeats."""
        self.beats += 1

    def drop(self) -> None:
        """Be gone."""
        self.open, self.dropped = False, True
        self.reading.set()

    def go_away(self) -> None:
        """Be gone, politely."""
        self.open, self.sent_away = False, True
        self.reading.set()

    @property
    def told(self) -> list[tuple[str, str]]:
        """What was said, in order: the kind, and of what."""
        return [(what, detail) for what, detail, _ in self._lines()]

    @property
    def cursors(self) -> list[str | None]:
        """The cursor of each message."""
        return [cursor for _, _, cursor in self._lines()]

    def _lines(self) -> list[tuple[str, str, str | None]]:
        return [tuple(orjson.loads(line)) for line in b"".join(self.writes).splitlines()]


def _line(what: str, detail: str, cursor: str | None) -> bytes:
    return orjson.dumps([what, detail, cursor]) + b"\n"
