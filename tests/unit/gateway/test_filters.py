"""What fits a filter, for one revision and for what an entry ever was."""

from typing import Any

import pytest
from gateway_harness import an_entry

from schemas import Change, Entity, Status
from streams.archive.facets import Facets
from streams.gateway.filters import Filter, FilterError

QUAY = Entity(type="place", name="North Quay", text="the quay", start=0, end=8, id="Q42")
FIRE = an_entry(
    1,
    headline="Fire at the quay",
    body_text="Zwei Löschboote helfen.",
    language="en-GB",
    urgency=3,
    entities=(QUAY,),
    key_event=True,
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
        ("key_event=true", True),
        ("key_event=false", False),
        ("breaking=false", True),
        ("breaking", False),
        ("kind=post,summary", True),
        ("kind=comment", False),
        ("q=FIRE quay", True),
        ("q=löschboote", True),
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
        "min_urgency=1&min_urgency=2",
    ],
)
def test_a_wrong_value_names_its_filter(query: str) -> None:
    """A typing error is told, not taken for a filter that lets nothing or everything through."""
    with pytest.raises(FilterError, match=query.partition("=")[0]):
        reading(query)


@pytest.mark.parametrize(
    ("query", "later"),
    [
        ("q=fire", {"headline": "Quay cleared", "body_text": None}),
        ("min_urgency=3", {"urgency": 7}),
        ("entity=q42", {"entities": ()}),
        ("breaking=false", {"breaking": True}),
        ("key_event=true", {"key_event": False}),
        ("language=en", {"language": "de"}),
        ("duplicates=collapse", {"duplicate_of": "another"}),
        ("q=fire", {"change": Change.RETRACTED, "status": Status.CANCELED, "headline": None, "body_text": None}),
    ],
)
def test_who_could_have_seen_an_entry_is_told_what_became_of_it(query: str, later: dict[str, Any]) -> None:
    """A revision that no longer fits by itself is sent to those whom an earlier one did fit."""
    first, second = facets(), facets(**later)

    assert not reading(query).fits(second)
    assert reading(query).fits(second.joined(first))


def test_a_duplicate_is_hidden_until_it_is_none() -> None:
    """Nobody saw it: its edits are hidden as well; when it turns out to be news of its own, it appears."""
    hidden = facets(duplicate_of="another")
    edited = facets(duplicate_of="another", headline="Fire at the quay, edited").joined(hidden)
    parted = facets().joined(edited)

    assert [Filter().fits(each) for each in (hidden, edited, parted)] == [False, False, True]
    assert Filter(duplicates=True).fits(hidden)


def test_a_coverage_in_the_path_is_the_coverage() -> None:
    """A query can't widen what the path says."""
    assert Filter.read({"coverage": ["election"]}, "harbour-fire").coverages == {"harbour-fire"}
