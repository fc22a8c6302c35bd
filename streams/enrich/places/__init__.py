"""Places that an update is about, with country and coordinates; not those that only speak for a government."""

import re
from collections.abc import Sequence
from typing import Final

from schemas.entry import Entity, EntityType, Entry, Place
from schemas.newsroom import Coverage, KnownName
from streams.enrich.places.gazetteer import Kind, Known
from streams.enrich.places.mentions import mentions_of
from streams.enrich.places.resolve import resolve
from streams.enrich.registry import Enrichment, enricher

# "Moscow said": the place stands for its government. So it does before a government's doings.
_METONYM_AFTER: Final = re.compile(
    r"['\u2019]s (?:government|president|prime minister|foreign (?:minister|ministry)|leaders?|parliament|military|"
    r"army|claims?|allies|decision|position|response)\b"
    r"|\s(?:has |have |had |also |will |would |could |is |was )*(?:said|says|say|told|warned|warns|announced|"
    r"announces|"
    r"denied|denies|claimed|claims|accused|accuses|agreed|agrees|refused|refuses|rejected|rejects|insisted|insists|"
    r"demanded|vowed|urged|condemned|wants|fears|hopes|believes|backed|responded|imposed|voted|pledged|ordered|"
    r"sagte|erklärte|warnte|a annoncé|a déclaré|dijo|anunció|ha detto|ha annunciato)\b"
)
_METONYM_BEFORE: Final = re.compile(
    r"\b(?:(?:talks|negotiations|ties|relations|tensions|agreement|deal|war of words)\s(?:with|between)"
    r"|assured|told|urged|accused|warned|asked|pressed)\s$",
    re.IGNORECASE,
)
_BEFORE_CHARS: Final = 30
_MOST_MENTIONS: Final = 100
"""Each is weighed against the others: a longer list is no update."""


@enricher("places", rank=35)
def find_places(entry: Entry, coverage: Coverage) -> Enrichment:
    """Return the places in the order in which the body names them, each once."""
    places = places_of(entry.body_text or "", entry.entities, coverage.country, coverage.names)
    return Enrichment(places=tuple(places)) if places else Enrichment()


def places_of(body: str, entities: Sequence[Entity], country: str | None, names: Sequence[KnownName]) -> list[Place]:
    """Return the places behind entities."""
    own = {name.name: name for name in names if name.type is EntityType.PLACE}
    mentions = mentions_of(entities)[:_MOST_MENTIONS]
    known = resolve(body, mentions, country)
    places: dict[tuple[str, str | None], Place] = {}
    for mention, meant in zip(mentions, known, strict=True):
        if metonym(body, mention.start, mention.end):
            continue
        place = _configured(own[mention.name]) if mention.name in own else _place(mention.name, meant)
        places.setdefault((place.name, place.country), place)
    return list(places.values())


def metonym(body: str, start: int, end: int) -> bool:
    """Return whether the name of a place stands for those who govern it."""
    return bool(_METONYM_AFTER.match(body, end) or _METONYM_BEFORE.search(body, max(0, start - _BEFORE_CHARS), start))


def _configured(name: KnownName) -> Place:
    return Place.model_construct(name=name.name, country=name.country, latitude=name.latitude, longitude=name.longitude)


def _place(name: str, known: Known | None) -> Place:
    if known is None or known.kind is Kind.CONTINENT:
        return Place.model_construct(name=name, country=None, latitude=None, longitude=None)
    return Place.model_construct(name=name, country=known.country, latitude=known.latitude, longitude=known.longitude)
