"""Runs every enricher over an entry; one that raises is named in the entry and the others go on.

A new enricher is a new file in this folder with one decorated function; nothing else changes.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from functools import cache, partial
from importlib import import_module
from pkgutil import iter_modules

from schemas.entry import Change, Entity, Entry, Figure, Place, Quote
from schemas.newsroom import Coverage
from streams.enrich.version import enricher_version


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What an enricher found; None is nothing to say."""

    language: str | None = None
    entities: tuple[Entity, ...] | None = None
    places: tuple[Place, ...] | None = None
    quotes: tuple[Quote, ...] | None = None
    figures: tuple[Figure, ...] | None = None
    urgency: int | None = None
    urgency_reason: str | None = None
    story_id: str | None = None


_FIELDS = tuple(field.name for field in fields(Enrichment))
Enrich = Callable[[Entry, Coverage], Enrichment]
Watch = Callable[[str], AbstractContextManager[object]]
"""Takes an enricher's name; what it returns is held open while that enricher runs. The clock is the watcher's."""
_NOBODY = nullcontext()
Bound = Callable[[str, Callable[[], Enrichment]], Enrichment]
"""Takes an enricher's name and its work; returns what it finds, or raises when it takes too long."""


def unwatched(_: str) -> AbstractContextManager[object]:
    """Watch nothing."""
    return _NOBODY


def unbounded(_: str, work: Callable[[], Enrichment]) -> Enrichment:
    """Return what an enricher finds, however long it takes."""
    return work()


@dataclass(frozen=True, slots=True)
class Enricher:
    """A name, a function, and the languages that it understands."""

    name: str
    run: Enrich
    languages: frozenset[str] | None
    rank: int
    data: str = ""
    """A library or a model that decides what it finds, beside our own code and data."""


_ENRICHERS: dict[str, Enricher] = {}


def enricher(name: str, *, languages: set[str] | None = None, rank: int = 50) -> Callable[[Enrich], Enrich]:
    """Register a function; lower ranks run first, and later ones see what earlier ones found."""

    def register(run: Enrich) -> Enrich:
        if name in _ENRICHERS:
            raise ValueError(f"two enrichers are named {name!r}")
        _ENRICHERS[name] = Enricher(name, run, frozenset(languages) if languages else None, rank)
        return run

    return register


@cache
def enrichers() -> tuple[Enricher, ...]:
    """Return all enrichers in the order in which they run."""
    import streams.enrich as room  # noqa: PLC0415  (the room itself imports this file)

    for module in iter_modules(room.__path__):
        import_module(f"{room.__name__}.{module.name}")
    return tuple(sorted(_ENRICHERS.values(), key=lambda enricher: (enricher.rank, enricher.name)))


def enrich(
    entry: Entry,
    coverage: Coverage,
    run: tuple[Enricher, ...] | None = None,
    *,
    watch: Watch = unwatched,
    bound: Bound = unbounded,
) -> Entry:
    """Return the entry with what the enrichers found; never raises for an enricher's error, nor for a slow one's."""
    if entry.change is Change.RETRACTED:  # its content is gone
        return entry
    errors: list[str] = []
    run = enrichers() if run is None else run
    for each in run:
        if each.languages and (entry.language or "").partition("-")[0] not in each.languages:
            continue
        try:
            with watch(each.name):
                found = bound(each.name, partial(each.run, entry, coverage))
        except Exception as error:  # noqa: BLE001  (an enricher is never a reason to lose an entry)
            errors.append(f"{each.name}: {type(error).__name__}: {error}")
            continue
        update = {name: value for name in _FIELDS if (value := getattr(found, name)) is not None}
        if update:
            entry = entry.model_copy(update=update)
    version = enricher_version(*[each.data for each in run if each.data])
    return entry.model_copy(update={"enriched_by": version, "enrichment_errors": tuple(errors)})
