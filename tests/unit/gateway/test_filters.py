"""What fits a filter."""

from typing import Any

import pytest
from gateway_harness import an_entry

from schemas import Entity
from streams.archive.facets import Facets
from streams.gateway.delivery.filters import Filter, FilterError

QUAY = Entity(type="place", name="North Quay", text="the quay", start=0, end=8, id="Q42")
FIRE = an_entry(
    1,
    headline="Fire at the quay",
    body_text="Zwei Löschboote helfen.",
    language="en-GB",
    urgency=3,
    entities=(QUAY,),
    key_event=True,
    places=({"name": "Quayside", "country": "GB"}, {"name": "Elsewhere, D.C."}),
)


def facets(**fields: Any) -> Facets:
    """Return the facets of a revision."""
    return Facets.of(FIRE.model_copy(update=fields).to_dict())


def reading(query: str) -> Filter:
    """Return the filter of a query string."""
    found: dict[str, list[str]] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        found.setdefault(name, []).append(value)
    return Filter.read(found)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("coverage=harbour-fire", True),
        ("coverage=election,harbour-fire", True),
        ("coverage=election", False),
        ("source=evening-post", True),
        ("source=gazette&source=radio-quay", False),
        ("language=en", True),
        ("language=EN-gb", True),
        ("language=e", False),
        ("language=de,fr", False),
        ("min_urgency=3", True),
        ("min_urgency=9", True),
        ("min_urgency=2", False),
        ("entity=north quay", True),
        ("entity=q42", True),
        ("entity=Quay", False),
        ("entity=Quay,Q42", True),
        ("place=Quayside", True),
        ("place=elsewhere, D.C.&place=x", True),
        ("place=D.C", False),
        ("key_event=true", True),
        ("key_event=false", False),
        ("breaking=false", True),
        ("breaking", False),
        ("kind=post,summary", True),
        ("kind=comment", False),
        ("q=FIRE quay", True),
        ("q=löschboote", True),
        ("q=LOSCHBOOTE", True),
        ("q=löschboote", True),
        ("q=ﬁre", True),
        ("q=fire&q=flood", False),
        ("duplicates=include&q=fire&min_urgency=4", True),
    ],
)
def test_a_filter(query: str, fits: bool) -> None:  # noqa: FBT001
    """All filters must fit; of several values of one, any; words and names in any case."""
    assert reading(query).fits(facets()) is fits


@pytest.mark.parametrize(
    "query",
    [
        "min_urgency=0",
        "min_urgency=x",
        "breaking=perhaps",
        "kind=advert",
        "duplicates=some",
        "duplicates=",
        "min_urgency=1&min_urgency=2",
    ],
)
def test_a_wrong_value_names_its_filter(query: str) -> None:
    """A typing error is told, not taken for a filter that lets nothing or everything through."""
    with pytest.raises(FilterError, match=query.partition("=")[0]):
        reading(query)


def test_a_coverage_in_the_path_is_the_coverage() -> None:
    """A query can't widen what the path says."""
    assert Filter.read({"coverage": ["election"]}, "harbour-fire").coverages == {"harbour-fire"}
