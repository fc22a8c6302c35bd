"""People, organisations, places and events named in the body: by the coverage's own names, then by a model.

The model is a linear-chain CRF for English; other languages have rules and a gazetteer, which find less.
"""

from collections.abc import Callable, Iterable
from typing import Final

from schemas.entry import Entity, EntityType, Entry
from schemas.newsroom import Coverage, KnownName
from streams.enrich.entities.beside import bodies, places_beside
from streams.enrich.entities.configured import configured
from streams.enrich.entities.consistent import Span, consistent
from streams.enrich.entities.link import usual_names
from streams.enrich.entities.model import tagger
from streams.enrich.entities.other_languages import other_names
from streams.enrich.entities.tag import spans_of
from streams.enrich.places.gazetteer import Kind, places_named
from streams.enrich.registry import Enrichment, enricher

_LONGEST_BODY_CHARS: Final = 20_000
_ENGLISH: Final = "en"
_PERSON: Final = EntityType.PERSON.value
Spans = Callable[[str], Iterable[Span]]
"""Finds the names of an English text."""


def crf_names(text: str) -> Iterable[Span]:
    """Return the names of an English text by our own model."""
    return spans_of(text, tagger())


@enricher("entities", rank=30)
def find_entities(entry: Entry, coverage: Coverage) -> Enrichment:
    """Return the names in the body in the order in which they stand."""
    return named(entry, coverage, crf_names)


def named(entry: Entry, coverage: Coverage, english: Spans) -> Enrichment:
    """Return the names in the body, those of an English one by the model that is given."""
    body = (entry.body_text or "")[:_LONGEST_BODY_CHARS]
    language = (entry.language or _ENGLISH).partition("-")[0].lower()
    found = entities(body, entry.headline or "", language, coverage.names, english) if body else ()
    return Enrichment(entities=tuple(found)) if found else Enrichment()


def entities(
    body: str, headline: str, language: str, names: tuple[KnownName, ...], english: Spans = crf_names
) -> list[Entity]:
    """Return the names in a body; the headline only helps to name people in full."""
    spans_in = english if language == _ENGLISH else other_names
    own = dict(configured(body, names))
    found = consistent(body, spans_in(body))
    if language == _ENGLISH:
        found += places_beside(body, found)
        found += bodies(body, found)
    spans = _without_overlap(own, found)
    people = [name.name for name in names if name.type.value == _PERSON]
    if any(kind == _PERSON and " " not in body[start:end] for start, end, kind in spans):
        people += [headline[start:end] for start, end, kind in spans_in(headline) if kind == _PERSON]
    usual = usual_names(body, spans, people)
    return [_entity(body, span, own[span].name if span in own else usual[body[span[0] : span[1]]]) for span in spans]


def _without_overlap(first: Iterable[Span], then: Iterable[Span]) -> list[Span]:
    chosen: list[Span] = []
    for span in [*first, *then]:
        if not any(span[0] < end and span[1] > start for start, end, _ in chosen):
            chosen.append(span)
    return sorted(chosen)


def _entity(body: str, span: Span, name: str) -> Entity:
    start, end, kind = span
    country = kind == "place" and next((k.country for k in places_named(name) if k.kind is Kind.COUNTRY), None)
    return Entity.model_construct(
        type=EntityType(kind), name=name, text=body[start:end], start=start, end=end, id=country or None
    )
