"""Facets of the entries on a page, to filter by: people, places, organisations, figures, sources."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from schemas import Entry
from schemas.entry import EntityType
from streams.gateway.page.choice import Choice
from streams.gateway.page.html import Html, element
from streams.gateway.page.words import name_of

_MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Facet:
    """Values of a parameter that some entries have, most frequent first."""

    title: str
    parameter: str
    values: Sequence[tuple[str, str]]
    """Each value with its name for people."""


def facets_of(entries: Iterable[Entry]) -> list[Facet]:
    """Return the facets that have a value; a single source is no choice."""
    counted: dict[tuple[str, str], Counter[str]] = {
        ("People", "entity"): Counter(),
        ("Places", "place"): Counter(),
        ("Organisations", "entity"): Counter(),
        ("Figures", "figure"): Counter(),
        ("Sources", "source"): Counter(),
    }
    people, places, organisations, figures, sources = counted.values()
    for entry in entries:
        people.update({each.name for each in entry.entities if each.type is EntityType.PERSON})
        places.update({each.name for each in entry.places})
        organisations.update({each.name for each in entry.entities if each.type is EntityType.ORGANISATION})
        figures.update({each.kind.value for each in entry.figures})
        sources.update({entry.source_id})
    if len(sources) == 1:
        sources.clear()
    named = {"source": name_of, "figure": str.capitalize}
    return [
        Facet(title, parameter, [(value, named.get(parameter, str)(value)) for value in _most(counter)])
        for (title, parameter), counter in counted.items()
        if counter
    ]


def render_facets(facets: Sequence[Facet], choice: Choice) -> Html:
    """Return them as links, each to the page with that filter alone of its kind."""
    return element(
        "div",
        {"id": "facet-list", "class": "facet-list"},
        [
            element(
                "div",
                {"class": "facet"},
                element("h3", {}, facet.title),
                element("ul", {"class": "chips"}, [_chip(facet, value, name, choice) for value, name in facet.values]),
            )
            for facet in facets
        ],
    )


def _chip(facet: Facet, value: str, name: str, choice: Choice) -> Html:
    is_set = choice.has(facet.parameter, value)
    address = choice.address(**{facet.parameter: None if is_set else value})
    return element("li", {}, element("a", {"href": address, "aria-current": "true" if is_set else None}, name))


def _most(counter: Counter[str]) -> list[str]:
    # Ties by name: the same entries make the same page.
    return [value for value, _ in sorted(counter.items(), key=lambda each: (-each[1], each[0]))[:_MOST]]
