"""Places: which one is meant, and which names of places only stand for a government."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entry import Entity, EntityType
from schemas.newsroom import KnownName
from streams.enrich.places import metonym, places_of
from streams.enrich.places.gazetteer import places_named
from streams.enrich.places.resolve import distance_km


def located(text: str, *names: str, country: str | None = None) -> list[tuple[str, str | None]]:
    """Return name and country of the places behind names in a text."""
    entities = [
        Entity(type=EntityType.PLACE, name=n, text=n, start=text.index(n), end=text.index(n) + len(n)) for n in names
    ]
    return [(place.name, place.country) for place in places_of(text, entities, country, ())]


@pytest.mark.parametrize(
    ("text", "names", "country", "found"),
    [
        ("A fire in Paris.", ["Paris"], None, [("Paris", "FR")]),
        ("A fire in Paris, Texas.", ["Paris"], None, [("Paris", "US")]),
        ("A fire in Paris, Tex., tonight.", ["Paris"], None, [("Paris", "US")]),
        ("A fire in London (Ontario).", ["London"], None, [("London", "CA")]),
        ("A fire in Cambridge.", ["Cambridge"], "US", [("Cambridge", "US")]),
        ("A fire in Cambridge.", ["Cambridge"], "GB", [("Cambridge", "GB")]),
        ("From Georgia to Armenia.", ["Georgia", "Armenia"], None, [("Georgia", "GE"), ("Armenia", "AM")]),
        ("A fire in Becker County.", ["Becker County"], None, [("Becker County", "US")]),
        ("Floods in northern Italy.", ["northern Italy"], None, [("northern Italy", "IT")]),
        ("Across Europe.", ["Europe"], None, [("Europe", None)]),
        ("A fire in Nowhereshire.", ["Nowhereshire"], None, [("Nowhereshire", None)]),
        ("S\u00e3o Paulo and SAO PAULO.", ["S\u00e3o Paulo", "SAO PAULO"], None,
         [("S\u00e3o Paulo", "BR"), ("SAO PAULO", "BR")]),
    ],
)  # fmt: skip
def test_a_name_is_the_place_that_its_surroundings_speak_for(
    text: str, names: list[str], country: str | None, found: list[tuple[str, str | None]]
) -> None:
    """What stands beside counts most, then the other places and the coverage's country, then size."""
    assert located(text, *names, country=country) == found


def test_a_place_has_coordinates() -> None:
    """Near the real ones."""
    text = "A fire in Hamburg."
    entity = Entity(type=EntityType.PLACE, name="Hamburg", text="Hamburg", start=10, end=17)

    (place,) = places_of(text, [entity], None, ())

    assert (round(place.latitude or 0), round(place.longitude or 0)) == (54, 10)


def test_the_newsrooms_own_places_come_first() -> None:
    """A quay has no row in any gazetteer; the newsroom says where it is."""
    quay = KnownName(type=EntityType.PLACE, name="Paris", country="GB", latitude=53.1, longitude=-1.2)
    entity = Entity(type=EntityType.PLACE, name="Paris", text="Paris", start=0, end=5)

    (place,) = places_of("Paris burns.", [entity], None, [quay])

    assert (place.country, place.latitude) == ("GB", 53.1)


def test_the_town_of_a_local_body_is_a_place_of_the_update() -> None:
    """An update of "Hamburg Police" is about Hamburg; one of "Boston Consulting Group" isn't about Boston."""
    text = "Hamburg Police and Boston Consulting Group met."
    bodies = [
        Entity(type=EntityType.ORGANISATION, name=n, text=n, start=text.index(n), end=text.index(n) + len(n))
        for n in ("Hamburg Police", "Boston Consulting Group")
    ]

    assert [(place.name, place.country) for place in places_of(text, bodies, None, ())] == [("Hamburg", "DE")]


@pytest.mark.parametrize(
    ("text", "name", "stands_for"),
    [
        ("Moscow said it would answer.", "Moscow", True),
        ("Moscow has warned that it would answer.", "Moscow", True),
        ("London's foreign minister flew home.", "London", True),
        ("Talks with Tehran go on.", "Tehran", True),
        ("A fire broke out in Moscow.", "Moscow", False),
        ("Moscow lies under snow.", "Moscow", False),
        ("A fire at Moscow, says the mayor.", "Moscow", False),
    ],
)
def test_a_place_that_speaks_is_a_government(text: str, name: str, *, stands_for: bool) -> None:
    """Such an update is not about the place."""
    start = text.index(name)

    assert metonym(text, start, start + len(name)) is stands_for


@given(st.text())
def test_any_name_can_be_looked_up(name: str) -> None:
    """Halving the file ends for every name, and what it finds has that name or an other name of it."""
    assert all(-90 <= known.latitude <= 90 for known in places_named(name))


def test_the_first_and_the_last_name_of_the_table_are_found() -> None:
    """The edges of a search by halves."""
    paris, york = places_named("Paris"), places_named("York")

    assert {known.country for known in paris} >= {"FR", "US"}
    assert {known.country for known in york} >= {"GB", "US"}
    assert distance_km(paris[0], paris[0]) == 0
