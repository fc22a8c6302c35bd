"""What `liveline.control` holds of generations: what each was begun with, and which one is live; pure.

The stretches of the live record are what alerts and webhooks are told, one after the other: each is a piece of one
generation's entries, from `begins` up to `until`; the last one is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Self

import orjson

from schemas.envelope import rfc3339
from streams.topology import LIVE

LIVE_KEY: Final = b"generation-live"
_KEY: Final = "generation/"
_STRETCHES: Final = 20
"""How many switches a reader may have been away for."""

Offsets = Mapping[int, int]
"""By partition."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What a generation was begun with."""

    name: str
    newsroom: str
    """A hash of the rules: see `rules_hash`."""
    code: str
    """The versions of parser and enrichers."""
    begins: Offsets
    """Where it began on `liveline.raw`."""
    since: datetime | None
    began_at: datetime
    follows: bool = False
    """Whether who processes it goes on with what comes."""

    @property
    def key(self) -> bytes:
        """Its key on `liveline.control`."""
        return key_of(self.name)

    def to_json(self) -> bytes:
        """Return the record's value."""
        found = {
            "name": self.name, "newsroom": self.newsroom, "code": self.code, "begins": _written(self.begins),
            "since": rfc3339(self.since) if self.since else None, "began_at": rfc3339(self.began_at),
            "follows": self.follows,
        }  # fmt: skip
        return orjson.dumps({name: value for name, value in found.items() if value is not None})

    @classmethod
    def read(cls, value: bytes) -> Self:
        """Read a record's value."""
        found: dict[str, Any] = orjson.loads(value)
        return cls(
            found["name"], found["newsroom"], found["code"], _read(found["begins"]),
            datetime.fromisoformat(found["since"]) if "since" in found else None,
            datetime.fromisoformat(found["began_at"]), found["follows"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of one generation's entries."""

    number: int
    """One more with each switch."""
    generation: str = LIVE
    begins: Offsets = field(default_factory=dict)
    until: Offsets | None = None
    """None: what comes belongs to it."""


@dataclass(frozen=True, slots=True)
class Live:
    """Which generation is live."""

    generation: str = LIVE
    newsroom: str | None = None
    """What a worker's rules must be; None, as long as nothing was ever switched: any."""
    stretches: tuple[Stretch, ...] = (Stretch(0),)
    stopping: bool = False
    """A switch is under way: nobody writes this generation's topics any more, and no other's yet."""
    at: datetime | None = None

    @property
    def ends(self) -> Offsets:
        """Where alerts and webhooks go on in its entries."""
        return self.stretches[-1].begins

    def stopped(self, now: datetime) -> "Live":
        """Return the record with which a switch begins."""
        return replace(self, stopping=True, at=now)

    def resumed(self, now: datetime) -> "Live":
        """Return the record that takes back the beginning of a switch."""
        return replace(self, stopping=False, at=now)

    def with_rules(self, newsroom: str, now: datetime) -> "Live":
        """Return the record under which the same generation goes on with other rules."""
        return replace(self, newsroom=newsroom, at=now)

    def switched(self, generation: str, newsroom: str | None, until: Offsets, begins: Offsets, now: datetime) -> "Live":
        """Return the record with which another generation is live."""
        last = self.stretches[-1]
        stretches = (*self.stretches[:-1], replace(last, until=until), Stretch(last.number + 1, generation, begins))
        return Live(generation, newsroom, stretches[-_STRETCHES:], stopping=False, at=now)

    def to_json(self) -> bytes:
        """Return the record's value."""
        found = {
            "generation": self.generation, "newsroom": self.newsroom, "ends": _written(self.ends),
            "stopping": self.stopping or None, "at": rfc3339(self.at) if self.at else None,
            "stretches": [
                {"number": each.number, "generation": each.generation, "begins": _written(each.begins),
                 **({} if each.until is None else {"until": _written(each.until)})}
                for each in self.stretches
            ],
        }  # fmt: skip
        return orjson.dumps({name: value for name, value in found.items() if value is not None})

    @classmethod
    def read(cls, value: bytes) -> Self:
        """Read a record's value."""
        found: dict[str, Any] = orjson.loads(value)
        stretches = tuple(
            Stretch(
                each["number"], each["generation"], _read(each["begins"]),
                _read(each["until"]) if "until" in each else None,
            )
            for each in found["stretches"]
        )  # fmt: skip
        return cls(
            found["generation"], found.get("newsroom"), stretches, stopping=found.get("stopping", False),
            at=datetime.fromisoformat(found["at"]) if "at" in found else None,
        )  # fmt: skip


@dataclass(slots=True)
class Generations:
    """What the records say, taken up in the log's order."""

    live: Live = field(default_factory=Live)
    others: dict[str, Generation] = field(default_factory=dict)
    """Those that were begun beside the first."""

    def load(self, key: bytes | None, value: bytes | None) -> None:
        """Take up a record of `liveline.control`; those of other things are passed over."""
        text = (key or b"").decode(errors="replace")
        if key == LIVE_KEY:
            self.live = Live() if value is None else Live.read(value)
        elif text.startswith(_KEY):
            if value is None:
                self.others.pop(text.removeprefix(_KEY), None)
            else:
                found = Generation.read(value)
                self.others[found.name] = found


def key_of(name: str) -> bytes:
    """Return a generation's key on `liveline.control`."""
    return f"{_KEY}{name}".encode()


def _written(offsets: Offsets) -> dict[str, int]:
    return {str(partition): offset for partition, offset in sorted(offsets.items())}


def _read(offsets: Mapping[str, int]) -> dict[int, int]:
    return {int(partition): offset for partition, offset in offsets.items()}
