"""Which of the places that bear a name is meant: by what stands beside it, other places, the country, size."""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from streams.enrich.places.gazetteer import Kind, Known, places_named
from streams.enrich.places.mentions import Mention
from streams.enrich.places.states import state_of

_BESIDE: Final = re.compile(
    r"\s?(?:,|\()\s?((?:[A-ZÀ-Þ][\w.'\u2019-]*)(?:\s(?:of\s|and\s)?[A-ZÀ-Þ][\w.'\u2019-]*){0,3})"
)
_WEIGHT_BESIDE: Final = 6.0
_WEIGHT_COVERAGE: Final = 2.0
_WEIGHT_COUNTRY: Final = 1.6
_WEIGHT_REGION: Final = 2.2
_WEIGHT_NEAR: Final = 1.2
_COUNTRY_SIZE: Final = 9.0
_REGION_SIZE: Final = 7.3
"""A country weighs as a city of a thousand million people would, a region as one of twenty million."""
_TOO_FINE: Final = re.compile(
    r"\b(?:House|Street|St|Road|Rd|Avenue|Ave|Lane|Ocean|Pacific|Atlantic|Airport|Stadium|Square|Club|Bridge|"
    r"Hospital|Building|Tower|Station|Sea|River|Mall|Cathedral|Church|Arena|Hotel)$"
)
"""Too fine or too large for a table of towns: "White House" is a town in Tennessee as well."""
_BESIDE_WITNESS: Final = ","
_AROUND: Final = re.compile(
    r"^(?:north(?:ern|west|east)?|south(?:ern|west|east)?|east(?:ern)?|west(?:ern)?|central|downtown|greater|upstate|"
    r"rural|"
    r"inner|outer|mid)[ -]|\s(?:County|Parish|Province|Region|District|State|Islands?|City|prefecture|province|region|"
    r"district|county|state|city)$",
    re.IGNORECASE,
)
_NEAR_KM: Final = 200.0
_EARTH_KM: Final = 6371.0


@dataclass(frozen=True, slots=True)
class _Context:
    """What the other names of the post say: a name is no witness of its own meaning."""

    countries: Mapping[str, frozenset[str]]
    """By whom a country is named."""
    regions: Mapping[tuple[str, str], frozenset[str]]
    coverage: str | None


def resolve(text: str, mentions: Sequence[Mention], country: str | None) -> list[Known | None]:
    """Return for each mention what is meant, or None for a name that the gazetteer doesn't have."""
    candidates = [candidates_of(mention.text) for mention in mentions]
    beside = [_beside(text, mention.end) for mention in mentions]
    context = _context(mentions, candidates, beside, country)
    rows = list(zip(mentions, candidates, beside, strict=True))
    first = [_best(mention.text, options, near, context, ()) for mention, options, near in rows]
    anchors = [known for known in first if known and known.kind in {Kind.CITY, Kind.REGION}]
    return [
        _best(mention.text, options, near, context, [known for known in anchors if known not in options])
        if len(options) > 1
        else found
        for (mention, options, near), found in zip(rows, first, strict=True)
    ]


def candidates_of(name: str) -> tuple[Known, ...]:
    """Return what a name may mean; of "Becker County" and "northern Iraq" what the bare name means."""
    if _TOO_FINE.search(name):
        return ()
    found = places_named(name)
    if not found and (bare := _AROUND.sub("", name)) != name:
        found = places_named(bare)
    return found


def _beside(text: str, end: int) -> tuple[str, str] | None:
    """Return country and region that stand behind a name, as in "Paris, Texas"; the region may be empty."""
    match = _BESIDE.match(text, end)
    if not match:
        return None
    words = match[1].split()
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if state := state_of(name) or state_of(name.rstrip(".")):
            return "US", state
        for known in places_named(name.rstrip(".")):
            if known.kind in {Kind.COUNTRY, Kind.REGION}:
                return known.country, known.region if known.kind is Kind.REGION else ""
    return None


def _context(
    mentions: Sequence[Mention],
    candidates: Sequence[Sequence[Known]],
    beside: Sequence[tuple[str, str] | None],
    country: str | None,
) -> _Context:
    countries: dict[str, set[str]] = defaultdict(set)
    regions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mention, options, pair in zip(mentions, candidates, beside, strict=True):
        for known in options:
            if known.kind in {Kind.COUNTRY, Kind.REGION}:
                countries[known.country].add(mention.text)
            if known.kind is Kind.REGION and known.region:
                regions[known.country, known.region].add(mention.text)
        if pair:
            countries[pair[0]].add(_BESIDE_WITNESS)
            if pair[1]:
                regions[pair].add(_BESIDE_WITNESS)
    return _Context(
        {key: frozenset(names) for key, names in countries.items()},
        {key: frozenset(names) for key, names in regions.items()},
        country,
    )


def _best(
    name: str,
    options: Sequence[Known],
    beside: tuple[str, str] | None,
    context: _Context,
    anchors: Sequence[Known],
) -> Known | None:
    if not options:
        return None
    return max(options, key=lambda known: (_score(name, known, beside, context, anchors), known.population))


def _score(
    name: str, known: Known, beside: tuple[str, str] | None, context: _Context, anchors: Sequence[Known]
) -> float:
    if known.kind in {Kind.COUNTRY, Kind.CONTINENT}:
        score = _COUNTRY_SIZE
    elif known.kind is Kind.REGION:
        score = _REGION_SIZE
    else:
        score = math.log10(known.population + 1)
    if beside and known.kind is not Kind.COUNTRY and known.country == beside[0]:
        score += _WEIGHT_BESIDE if not beside[1] or known.region == beside[1] else 1.0
    if known.country == context.coverage:
        score += _WEIGHT_COVERAGE
    if known.kind in {Kind.CITY, Kind.REGION} and context.countries.get(known.country, frozenset()) - {name}:
        score += _WEIGHT_COUNTRY
    if known.kind is Kind.CITY:
        if context.regions.get((known.country, known.region), frozenset()) - {name}:
            score += _WEIGHT_REGION
        if any(distance_km(known, anchor) < _NEAR_KM for anchor in anchors):
            score += _WEIGHT_NEAR
    return score


def distance_km(a: Known, b: Known) -> float:
    """Return the distance of two places over the ground."""
    phi, psi = math.radians(a.latitude), math.radians(b.latitude)
    delta = math.radians(b.longitude - a.longitude)
    half = math.sin((psi - phi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(delta / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))
