"""Names in a post: by the newsroom, by the model, by rules; one name for one thing; never a part of a word."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.entry import EntityType, Entry
from schemas.newsroom import Coverage, KnownName
from streams.enrich.entities import entities, find_entities
from streams.enrich.entities.tokens import stretches, tokens

_MOST_MODEL_BYTES = 5_000_000


def names(
    text: str, language: str = "en", headline: str = "", own: tuple[KnownName, ...] = ()
) -> list[tuple[str, str, str]]:
    """Return type, text and usual name of the entities of a text."""
    return [(e.type.value, e.text, e.name) for e in entities(text, headline, language, own)]


def test_people_places_and_organisations_are_told_apart() -> None:
    """A post as newsrooms write them."""
    text = "President Emmanuel Macron met Angela Merkel in Berlin on Monday, the Associated Press reported."

    assert names(text) == [
        ("person", "Emmanuel Macron", "Emmanuel Macron"),
        ("person", "Angela Merkel", "Angela Merkel"),
        ("place", "Berlin", "Berlin"),
        ("organisation", "Associated Press", "Associated Press"),
    ]


def test_a_surname_is_the_person_of_the_full_name() -> None:
    """First mention and surname are linked by `name`, whatever title stands before."""
    text = "Volodymyr Zelensky spoke in Kyiv. Mr Zelensky said that he was tired. Later Zelensky left."

    people = [(shown, name) for kind, shown, name in names(text) if kind == "person"]

    assert people == [
        ("Volodymyr Zelensky", "Volodymyr Zelensky"),
        ("Zelensky", "Volodymyr Zelensky"),
        ("Zelensky", "Volodymyr Zelensky"),
    ]


def test_the_headline_gives_the_full_name() -> None:
    """The body's surname alone is who the headline names."""
    people = names("Mr Zelensky spoke to reporters in Kyiv.", headline="Volodymyr Zelensky speaks of peace")

    assert ("person", "Zelensky", "Volodymyr Zelensky") in people


def test_the_coverages_own_names_come_first() -> None:
    """What the newsroom wrote is found as it wrote it, in small letters and by the surname too."""
    own = (
        KnownName(type=EntityType.PLACE, name="North Quay"),
        KnownName(type=EntityType.PERSON, name="Ada Ruiz"),
        KnownName(type=EntityType.ORGANISATION, name="Quayside"),
    )

    assert names("the fire at north quay is out, ruiz said", own=own) == [
        ("place", "north quay", "North Quay"),
        ("person", "ruiz", "Ada Ruiz"),
    ]
    assert ("organisation", "Quayside", "Quayside") in names("Quayside burns.", own=own)
    assert names("quaysides", own=own) == []


def test_names_in_capitals_and_in_small_letters_are_shown_as_written_in_running_text() -> None:
    """Agencies write snaps in capitals, and some feeds have no capitals at all."""
    small = names("theresa may met donald trump in london on friday , the white house said .")
    capitals = names("PRESIDENT DONALD TRUMP ARRIVES IN LONDON FOR TALKS WITH THERESA MAY")

    assert ("person", "donald trump", "Donald Trump") in small
    assert ("place", "london", "London") in small
    assert ("place", "LONDON", "London") in capitals


def test_days_and_common_words_in_small_letters_are_no_names() -> None:
    """Where capitals don't tell, a word that English writes small is none."""
    assert names("the harbour opens on friday in may , they say .") == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Il capo di stato Paul Martini ha visitato Roma.", "it", [("person", "Paul Martini"), ("place", "Roma")]),
        ("Der Brand in Hamburg ist gel\u00f6scht, sagte Peter Hansen.", "de",
         [("place", "Hamburg"), ("person", "Peter Hansen")]),
    ],
)  # fmt: skip
def test_other_languages_have_rules(text: str, language: str, found: list[tuple[str, str]]) -> None:
    """Less than the model finds, and little that is wrong."""
    assert [(kind, shown) for kind, shown, _ in names(text, language)] == found


def test_a_country_has_its_iso_code_as_id() -> None:
    """A facet can be joined with other data."""
    assert [e.id for e in entities("A fire in France.", "", "en", ())] == ["FR"]


def test_offsets_are_code_points(entry: Callable[..., Entry]) -> None:
    """An emoji before a name counts as one."""
    body = "\U0001f6a8\U0001f6a8 A fire in Hamburg, Angela Merkel said."

    found = find_entities(entry(body_text=body, language="en"), Coverage(id="harbour-fire")).entities or ()

    assert [e.text for e in found] == ["Hamburg", "Angela Merkel"]
    assert all(body[e.start : e.end] == e.text for e in found)


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from(list("Paris London aA.,'\u2019-\n\u00c9\u0130\u201c")), max_size=120))
def test_no_name_is_a_part_of_a_word(text: str) -> None:
    """Whatever the text: names lie within it, apart from one another, at the borders of words."""
    found = entities(text, "", "en", ())

    for entity in found:
        assert text[entity.start : entity.end] == entity.text
        assert not (text[entity.start - 1 : entity.start].isalnum() and text[entity.start].isalnum())
        assert not (text[entity.end : entity.end + 1].isalnum() and text[entity.end - 1].isalnum())
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.lists(st.booleans(), max_size=60), st.integers(min_value=0, max_value=3))
def test_stretches_hold_each_candidate_once(candidates: list[bool], reach: int) -> None:
    """What the model reads holds all candidates with their neighbours, no token twice."""
    found = list(stretches(candidates, reach))

    covered = [place for begin, end in found for place in range(begin, end)]
    assert len(covered) == len(set(covered))
    assert {place for place, candidate in enumerate(candidates) if candidate} <= set(covered)


def test_tokens_part_possessives_and_keep_abbreviations() -> None:
    """The name in "Warsaw's" is Warsaw, "U.S." is one token."""
    assert [t.text for t in tokens("Warsaw's U.S. office, J. Smith")] == [
        "Warsaw", "'s", "U.S.", "office", ",", "J.", "Smith",
    ]  # fmt: skip


def test_the_model_is_small() -> None:
    """It goes with the package and into each worker's memory."""
    model = Path(__file__).parents[3] / "streams/enrich/entities/data/english.crfsuite"

    assert model.stat().st_size <= _MOST_MODEL_BYTES
