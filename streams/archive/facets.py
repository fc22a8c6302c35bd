"""What filters look at: an entry's facets, of one revision or of all its revisions so far.

A subscriber that was sent one revision of an entry must be sent what becomes of it, although a later revision no
longer fits its filter: the edit that lowers the urgency, the retraction that has no words any more, the entry that
turns out to be a duplicate. So each facet is a set of what it ever was, and joining two only adds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Self, TypeVar

_WORDS: Final = re.compile(r"\w+")
_NO_URGENCY: Final = 10
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Facets:
    """What an entry is, or ever was."""

    coverage: str
    source: str
    languages: frozenset[str] = frozenset()
    urgency: int = _NO_URGENCY
    """The most urgent; beyond IPTC's 9 when it has none."""
    entities: frozenset[str] = frozenset()
    """Names and ids, case folded."""
    key_event: frozenset[bool] = frozenset()
    breaking: frozenset[bool] = frozenset()
    kinds: frozenset[str] = frozenset()
    original: bool = False
    """It was no duplicate of another source's report."""
    words: str = ""
    """Its different words, case folded, between spaces: a tenth of a set's memory."""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """Return the facets of one revision, as it stands in JSON."""
        language = entry.get("language")
        return cls(
            coverage=entry["coverage_id"],
            source=entry["source_id"],
            languages=_alone(language.casefold()) if language else frozenset(),
            urgency=entry.get("urgency") or _NO_URGENCY,
            entities=frozenset(
                name.casefold()
                for entity in entry.get("entities", ())
                for name in (entity.get("name"), entity.get("text"), entity.get("id"))
                if name
            ),
            key_event=_alone(bool(entry.get("key_event"))),
            breaking=_alone(bool(entry.get("breaking"))),
            kinds=_alone(entry.get("kind", "post")),
            original=not entry.get("duplicate_of"),
            words=" ".join(words_of(*(entry.get(field) or "" for field in ("headline", "summary", "body_text")))),
        )

    def joined(self, other: Self) -> Self:
        """Return what the entry was in either."""
        return type(self)(
            coverage=self.coverage,
            source=self.source,
            languages=self.languages | other.languages,
            urgency=min(self.urgency, other.urgency),
            entities=self.entities | other.entities,
            key_event=self.key_event | other.key_event,
            breaking=self.breaking | other.breaking,
            kinds=self.kinds | other.kinds,
            original=self.original or other.original,
            words=self.words if self.words == other.words else " ".join({*self.words.split(), *other.words.split()}),
        )


def words_of(*texts: str) -> frozenset[str]:
    """Return the different words of texts, case folded."""
    return frozenset(word for text in texts for word in _WORDS.findall(text.casefold()))


@lru_cache(maxsize=1024)
def _alone(value: Value) -> frozenset[Value]:
    """Return the set of one value; the same set for the same value, since a window holds thousands."""
    return frozenset((value,))
