"""What would change: the newest revisions of two generations compared, entry by entry; pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final, Self

import orjson

from streams.generations.record import Offsets

CONTENT: Final = (
    "status", "coverage_id", "url", "published_at", "headline", "body_text", "body_html", "summary", "authors", "media",
    "embeds", "links", "key_event", "pinned", "breaking", "kind", "subjects", "dateline", "usage_terms",
)  # fmt: skip
"""What a reader sees of an entry."""
ENRICHMENT: Final = (
    "language", "entities", "places", "quotes", "figures", "urgency", "urgency_reason", "is_correction", "story_id",
    "enrichment_errors",
)  # fmt: skip
CLUSTERS: Final = ("duplicate_of", "sources")
_GONE: Final = frozenset({"canceled", "withheld"})
_DIGEST_BYTES: Final = 12


class Kind(StrEnum):
    """How an entry differs; one that differs in several ways counts by the first of them."""

    ONLY_LIVE = "only_live"
    ONLY_OTHER = "only_other"
    CONTENT = "content"
    CLUSTERS = "clusters"
    ENRICHMENT = "enrichment"
    SAME = "same"
    NOT_COMPARED = "not_compared"


DIFFERENT: Final = (Kind.ONLY_LIVE, Kind.ONLY_OTHER, Kind.CONTENT, Kind.CLUSTERS, Kind.ENRICHMENT)


@dataclass(frozen=True, slots=True)
class Newest:
    """An entry's newest revision, as far as a comparison needs it."""

    partition: int
    offset: int | None
    """Of the raw document that made it; None where a clock did."""
    received_at: datetime
    by_others: bool
    """Another entry's document made it."""
    gone: bool
    content: bytes
    enrichment: bytes
    mates: tuple[tuple[str, str], ...]
    """The entries that report the same, each with how the two belong together."""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """Read an Entry's JSON; raises `KeyError`, `TypeError` or `ValueError` for what is none."""
        origin = entry.get("origin")
        gone = entry["status"] in _GONE
        told = entry.get("content_hash") or [entry.get(name) for name in CONTENT]
        mates = {("sources", each["entry_id"]) for each in entry.get("sources", ())}
        if original := entry.get("duplicate_of"):
            mates.add(("duplicate_of", original))
        return cls(
            origin["partition"] if origin else 0,
            origin["offset"] if origin else None,
            datetime.fromisoformat(entry["received_at"]),
            entry["change"] == "corroborated",
            gone,
            b"" if gone else _digest([told, entry["coverage_id"]]),
            b"" if gone else _digest([entry.get(name) for name in ENRICHMENT]),
            () if gone else tuple(sorted(mates)),
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """Which documents a generation has processed."""

    begins: Offsets = field(default_factory=dict)
    ends: Offsets = field(default_factory=dict)
    """By partition: where it goes on."""
    since: datetime | None = None

    @property
    def whole(self) -> bool:
        """Whether it began with the first document that there ever was."""
        return self.since is None and not any(self.begins.values())

    def is_behind(self, newest: Newest) -> bool:
        """Whether it has yet to see the document that made a revision."""
        return newest.offset is not None and newest.offset >= self.ends.get(newest.partition, 0)

    def has(self, newest: Newest) -> bool:
        """Whether an entry's documents are in it, as far as the newest one tells."""
        if newest.offset is not None and newest.offset < self.begins.get(newest.partition, 0):
            return False
        if self.is_behind(newest) or (self.since is not None and newest.received_at < self.since):
            return False
        # Of an entry that somebody corroborated, or that is gone, the first document may stand before its beginning.
        return self.whole or not (newest.by_others or newest.gone)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two generations, each with what it has processed."""

    live: Mapping[str, Newest]
    other: Mapping[str, Newest]
    live_reach: Reach
    other_reach: Reach

    def kinds(self) -> Iterator[tuple[str, Kind]]:
        """Yield each entry with how it differs."""
        for entry_id in self.live:
            yield entry_id, self.kind(entry_id)
        for entry_id in self.other:
            if entry_id not in self.live:
                yield entry_id, self.kind(entry_id)

    def kind(self, entry_id: str) -> Kind:
        """Return how an entry differs."""
        if not self._is_compared(entry_id):
            return Kind.NOT_COMPARED
        live, other = self.live.get(entry_id), self.other.get(entry_id)
        if other is None:
            return Kind.ONLY_LIVE
        if live is None:
            return Kind.ONLY_OTHER
        if (live.gone, live.content) != (other.gone, other.content):
            return Kind.CONTENT
        if self._mates(live) != self._mates(other):
            return Kind.CLUSTERS
        return Kind.SAME if live.enrichment == other.enrichment else Kind.ENRICHMENT

    def _mates(self, newest: Newest) -> list[tuple[str, str]]:
        return [(how, entry_id) for how, entry_id in newest.mates if self._is_compared(entry_id)]

    def _is_compared(self, entry_id: str) -> bool:
        live, other = self.live.get(entry_id), self.other.get(entry_id)
        if live is not None and other is not None:
            return not self.other_reach.is_behind(live) and not self.live_reach.is_behind(other)
        if live is not None:
            return self.other_reach.has(live)
        return other is not None and self.live_reach.has(other)


def counted(kinds: Counter[Kind], name: str) -> dict[str, int]:
    """Return the counts under the names that they have outside; `name` is the other generation's."""
    return {(f"only_{name}" if kind is Kind.ONLY_OTHER else kind.value): kinds[kind] for kind in Kind}


def changes(live: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields that differ between two revisions, with both values; None is an absent one."""
    return {
        name: (live.get(name), other.get(name))
        for name in (*CONTENT, *CLUSTERS, *ENRICHMENT)
        if live.get(name) != other.get(name)
    }


def _digest(value: Any) -> bytes:
    return blake2b(orjson.dumps(value), digest_size=_DIGEST_BYTES).digest()
