"""Which revisions are due to whom, and how."""

from typing import Any

import pytest
from gateway_harness import an_entry

from schemas import Entity, Status
from streams.archive import Due, Revision, due
from streams.archive.due import Past, and_then
from streams.archive.facets import Facets
from streams.gateway.delivery.filters import Filter

QUAY = Entity(type="place", name="North Quay", text="the quay", start=0, end=8, id="Q42")
FIRST: dict[str, Any] = {
    "headline": "Fire at the quay", "body_text": None, "language": "en-GB", "urgency": 3, "entities": (QUAY,),
    "key_event": True,
}  # fmt: skip
GONE: dict[str, Any] = {"status": Status.CANCELED, "headline": None, "body_text": None}


def revisions(*fields: dict[str, Any]) -> list[Revision]:
    """Return an entry's revisions, each with what the entry was before it."""
    past: Past | None = None
    found = []
    for number, changed in enumerate(fields, 1):
        facets = Facets.of(an_entry(1, number, **changed).to_dict())
        found.append(Revision(0, number, 0, "e1", number, b"", facets, past))
        past = and_then(past, facets)
    return found


def how(query: dict[str, str], *fields: dict[str, Any]) -> list[Due]:
    """Return how each revision is due to a filter."""
    wanted = Filter.read({name: [value] for name, value in query.items()})
    return [due(wanted, each) for each in revisions(*fields)]


@pytest.mark.parametrize(
    ("query", "later"),
    [
        ({"q": "fire"}, {"headline": "Quay cleared"}),
        ({"min_urgency": "3"}, {"urgency": 7}),
        ({"entity": "q42"}, {"entities": ()}),
        ({"breaking": "false"}, {"breaking": True}),
        ({"key_event": "true"}, {"key_event": False}),
        ({"language": "en"}, {"language": "de"}),
        ({"duplicates": "collapse"}, {"duplicate_of": "another"}),
    ],
)
def test_a_revision_that_fits_no_more_is_marked(query: dict[str, str], later: dict[str, Any]) -> None:
    """Who had the entry is told what became of it, and that it left the filter; its return is an entry again."""
    assert how(query, FIRST, FIRST | later, FIRST) == [Due.ENTRY, Due.LEFT, Due.ENTRY]


def test_facets_of_different_revisions_are_not_joined() -> None:
    """A key event that later became urgent was never an urgent key event."""
    steps = FIRST | {"urgency": 5}, FIRST | {"key_event": False, "urgency": 1}

    assert how({"key_event": "true", "min_urgency": "2"}, *steps) == [Due.NOT, Due.NOT]
    assert how({"key_event": "true"}, *steps) == [Due.ENTRY, Due.LEFT]
    assert how({"min_urgency": "2"}, *steps) == [Due.NOT, Due.ENTRY]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, Due.ENTRY),
        ({"source": "evening-post"}, Due.ENTRY),
        ({"q": "fire"}, Due.LEFT),
        ({"q": "flood"}, Due.NOT),
        ({"key_event": "true"}, Due.LEFT),
        # It has no key event and no breaking news in it any more, yet these readers never had it.
        ({"key_event": "false"}, Due.NOT),
        ({"min_urgency": "2"}, Due.NOT),
    ],
)
def test_a_retraction_goes_to_those_who_had_the_entry(query: dict[str, str], expected: Due) -> None:
    """To nobody else, although without content it fits many filters by itself."""
    assert how(query, FIRST, GONE)[1] is expected
    assert how(query, FIRST, FIRST | {"headline": "Fire at the quay, edited"}, GONE)[2] is expected


def test_the_retraction_of_a_copy_reaches_nobody_who_had_only_the_first_report() -> None:
    """It keeps `duplicate_of`, so it fits no filter that collapses duplicates."""
    copy = FIRST | {"duplicate_of": "another"}

    assert how({}, copy, copy | GONE) == [Due.NOT, Due.NOT]
    assert how({"duplicates": "include"}, copy, copy | GONE) == [Due.ENTRY, Due.ENTRY]


def test_what_the_log_no_longer_holds_may_have_been_had() -> None:
    """The retraction of an entry whose earlier revisions are gone is sent to all readers of its coverage."""
    (gone,) = revisions(FIRST | GONE)
    later = Revision(0, 9, 0, "e1", 7, b"", gone.now)

    assert due(Filter(), later) is Due.ENTRY
    assert due(Filter(words=frozenset({"fire"})), later) is Due.LEFT
    assert due(Filter(sources=frozenset({"gazette"})), later) is Due.NOT


def test_a_duplicate_is_hidden_until_it_is_none() -> None:
    """Nobody saw it: its edits are hidden as well; when it turns out to be news of its own, it appears."""
    hidden = FIRST | {"duplicate_of": "another"}

    assert how({}, hidden, hidden | {"headline": "Fire, edited"}, FIRST) == [Due.NOT, Due.NOT, Due.ENTRY]
