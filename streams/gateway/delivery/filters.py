"""What a subscriber wants: the filters of the query string, the same for live and for history.

A revision must fit all of a filter by itself; `streams.archive.due` says who is sent one that fits no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from streams.archive.facets import Facets, words_of

_MOST_URGENT: Final = 1
_LEAST_URGENT: Final = 9
_TRUE: Final = {"1": True, "true": True, "yes": True, "": True, "0": False, "false": False, "no": False}
_KINDS: Final = ("post", "summary", "comment")
_MAX_VALUE: Final = 500
PARAMETERS: Final = frozenset(
    {
        "breaking", "coverage", "duplicates", "entity", "key_event", "kind", "language", "min_urgency", "place", "q",
        "source",
    }
)  # fmt: skip
"""The filters' names in a query string."""


class FilterError(ValueError):
    """A filter's value is wrong; the message names it."""


@dataclass(frozen=True, slots=True)
class Filter:
    """All filters must fit, each with any one of its values. Equal filters are evaluated once an event."""

    coverages: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    min_urgency: int | None = None
    """This urgent or more; IPTC's 1 is the most urgent, so at most this number."""
    entities: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    key_event: bool | None = None
    breaking: bool | None = None
    kinds: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    """All must occur in headline, summary or body."""
    duplicates: bool = False
    """Whether another source's report of the same is sent as well."""

    @classmethod
    def read(cls, query: Mapping[str, list[str]], coverage: str | None = None) -> Self:
        """Read a query string; several values stand in several parameters or between commas."""
        duplicates = _one(query, "duplicates")
        if duplicates not in (None, "collapse", "include"):
            raise FilterError(f"duplicates is {duplicates!r}; expected collapse or include")
        kinds = read_many(query, "kind")
        if unknown := kinds - set(_KINDS):
            raise FilterError(f"kind is {min(unknown)!r}; expected one of {', '.join(_KINDS)}")
        return cls(
            coverages=frozenset((coverage,)) if coverage else read_many(query, "coverage"),
            sources=read_many(query, "source"),
            languages=frozenset(language.casefold() for language in read_many(query, "language")),
            min_urgency=_urgency(_one(query, "min_urgency")),
            entities=_names(query, "entity"),
            places=_names(query, "place"),
            key_event=read_flag(query, "key_event"),
            breaking=read_flag(query, "breaking"),
            kinds=kinds,
            words=words_of(*query.get("q", ())),
            duplicates=duplicates == "include",
        )

    def fits(self, facets: Facets) -> bool:
        """Say whether a revision with these facets fits, regardless of former revisions of the entry."""
        return (
            self.fits_origin(facets)
            and (self.duplicates or facets.original)
            and (self.min_urgency is None or facets.urgency <= self.min_urgency)
            and (self.breaking is None or self.breaking is facets.breaking)
            and (self.key_event is None or self.key_event is facets.key_event)
            and (not self.kinds or facets.kind in self.kinds)
            and (not self.languages or _speaks(self.languages, facets.language))
            and (not self.entities or not self.entities.isdisjoint(facets.entities))
            and (not self.places or not self.places.isdisjoint(facets.places))
            # Inside longer words too: not every script parts its words by spaces.
            and all(word in facets.words for word in self.words)
        )

    def fits_origin(self, facets: Facets) -> bool:
        """Say whether an entry of this coverage and source can ever fit: these two never change."""
        return (not self.coverages or facets.coverage in self.coverages) and (
            not self.sources or facets.source in self.sources
        )


def _speaks(wanted: frozenset[str], language: str) -> bool:
    """`en` wants `en-GB` as well (RFC 4647, basic filtering)."""
    return any(language == each or language.startswith(each + "-") for each in wanted)


def read_many(query: Mapping[str, list[str]], name: str) -> frozenset[str]:
    """Return a parameter's values, from several parameters or between commas."""
    return frozenset(part.strip() for value in query.get(name, ()) for part in value.split(",") if part.strip())


def _names(query: Mapping[str, list[str]], name: str) -> frozenset[str]:
    """Return names, case folded; one with a comma in it, such as "Washington, D.C.", also counts as a whole."""
    whole = frozenset(value.strip() for value in query.get(name, ()) if value.strip())
    return frozenset(value.casefold() for value in whole | read_many(query, name))


def _one(query: Mapping[str, list[str]], name: str) -> str | None:
    values = query.get(name, [])
    if len(values) > 1:
        raise FilterError(f"{name} is given twice; expected one value")
    if values and len(values[0]) > _MAX_VALUE:
        raise FilterError(f"{name} is longer than {_MAX_VALUE} characters")
    return values[0] if values else None


def read_flag(query: Mapping[str, list[str]], name: str) -> bool | None:
    """Return a parameter that is true or false, None without it; raises `FilterError` for anything else."""
    value = _one(query, name)
    if value is None:
        return None
    if value.lower() not in _TRUE:
        raise FilterError(f"{name} is {value!r}; expected true or false")
    return _TRUE[value.lower()]


def _urgency(value: str | None) -> int | None:
    if value is None:
        return None
    if not value.isdecimal() or not _MOST_URGENT <= int(value) <= _LEAST_URGENT:
        raise FilterError(f"min_urgency is {value!r}; expected {_MOST_URGENT} (most urgent) to {_LEAST_URGENT}")
    return int(value)
