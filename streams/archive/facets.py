"""What filters look at: the facets of one revision of an entry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from streams.archive.folding import folded_text

_WORDS: Final = re.compile(r"\w+")
_NO_URGENCY: Final = 10
_USABLE: Final = "usable"


@dataclass(frozen=True, slots=True)
class Facets:
    """What an entry is in one of its revisions."""

    coverage: str
    source: str
    language: str = ""
    """Case folded; empty when it is not known."""
    urgency: int = _NO_URGENCY
    """Beyond IPTC's 9 when it has none."""
    entities: frozenset[str] = frozenset()
    """Names and ids, case folded."""
    places: frozenset[str] = frozenset()
    """Names, case folded."""
    key_event: bool = False
    breaking: bool = False
    kind: str = "post"
    original: bool = True
    """It is no duplicate of another source's report."""
    gone: bool = False
    """It is retracted: canceled, or withheld again."""
    words: str = ""
    """Its different words, folded, between spaces: a tenth of a set's memory."""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """Return the facets of a revision, as it stands in JSON."""
        return cls(
            coverage=entry["coverage_id"],
            source=entry["source_id"],
            language=(entry.get("language") or "").casefold(),
            urgency=entry.get("urgency") or _NO_URGENCY,
            entities=frozenset(
                name.casefold()
                for entity in entry.get("entities", ())
                for name in (entity.get("name"), entity.get("text"), entity.get("id"))
                if name
            ),
            places=frozenset(place["name"].casefold() for place in entry.get("places", ()) if place.get("name")),
            key_event=bool(entry.get("key_event")),
            breaking=bool(entry.get("breaking")),
            kind=entry.get("kind") or "post",
            original=not entry.get("duplicate_of"),
            gone=entry.get("status", _USABLE) != _USABLE,
            words=" ".join(sorted(words_of(*(entry.get(field) or "" for field in _TEXTS)))),
        )


_TEXTS: Final = ("headline", "summary", "body_text")


def words_of(*texts: str) -> frozenset[str]:
    """Return the different words of texts, folded as search folds them: `CAFE` and `café` are one."""
    return frozenset(word for text in texts for word in _WORDS.findall(folded_text(text)))


def milliseconds_of(entry: Mapping[str, Any]) -> int:
    """Return a revision's own time, `received_at`, in milliseconds since 1970; raises `ValueError` without one."""
    received = datetime.fromisoformat(entry["received_at"])
    if received.tzinfo is None:
        received = received.replace(tzinfo=UTC)
    return int(received.timestamp() * 1000)
