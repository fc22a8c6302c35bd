"""What an entry is known by among the stories of its coverage."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas import Change, Entry, Status
from schemas.entry import Entity
from streams.stories.likeness import Likeness, alike, at_most_alike
from streams.stories.terms import COMMON, HEADLINE, MOST, NAME, packed, terms_of, unpacked

AT = datetime(2024, 5, 1, 12, tzinfo=UTC)


def entry(**fields: Any) -> Entry:
    """Return an entry with a content."""
    return Entry(
        entry_id="e1",
        revision=1,
        change=Change.CREATED,
        status=Status.USABLE,
        coverage_id="harbour-fire",
        source_id="evening-post",
        received_at=AT,
        processed_at=AT,
        **fields,
    )


def words(**fields: Any) -> dict[str, int]:
    """Return the words of an entry's terms, each with its bits."""
    return {word: term & 7 for term, word in terms_of(entry(**fields)).items()}


def test_headline_names_and_common_words_are_told_apart() -> None:
    """By the three lowest bits of each term."""
    ruiz = Entity(type="person", name="Ada Ruiz", text="Ruiz", start=4, end=8)

    found = words(headline="Rudder jammed", body_text="Ms Ruiz says the crew can swim.", entities=(ruiz,))

    assert found["rudder"] == HEADLINE
    assert found["ruiz"] == NAME
    assert found["crew"] == COMMON


def test_endings_make_no_other_term() -> None:
    """Inflected forms of a word count as one; grammar and years count for nothing."""
    one = terms_of(entry(body_text="Protesters marched in 2024"))
    other = terms_of(entry(body_text="the protester marches"))

    assert set(one) == set(other)


def test_a_post_without_a_headline_is_known_by_its_first_words() -> None:
    """Most live-blog posts have none."""
    assert words(body_text="Rudder jammed, says the captain")["rudder"] == HEADLINE


def test_terms_are_bounded_and_come_out_as_they_were_packed() -> None:
    """A long text is known by its beginning."""
    terms = terms_of(entry(body_text=" ".join(f"w{number}rd" for number in range(500))))

    assert len(terms) == MOST
    assert unpacked(packed(terms)) == list(terms)


def test_what_few_have_weighs_more() -> None:
    """A term that half of a coverage's entries have says little of an entry."""
    counts = {8: 1, 16: 50}
    weighed = Likeness(100, lambda numbers: [counts.get(number, 0) for number in numbers]).weighed([8, 16]).weights

    assert weighed[8] > 3 * weighed[16]


def test_two_entries_that_share_one_word_alone_are_hardly_alike() -> None:
    """Even if they consist of nothing else."""
    measure = Likeness(100, lambda numbers: [1] * len(numbers))
    one = measure.weighed([8])

    assert alike(one, one) < 0.5
    assert alike(one, measure.weighed([16])) == 0


@given(*[st.sets(st.integers(1, 12).map(lambda number: number * 8), max_size=8)] * 2)
def test_nothing_is_more_alike_than_its_bound(one: set[int], other: set[int]) -> None:
    """So that a candidate is passed over unweighed only if it could not be alike enough."""
    measure = Likeness(20, lambda numbers: [number // 8 for number in numbers])
    a = measure.weighed(sorted(one))

    assert alike(a, measure.weighed(sorted(other))) <= at_most_alike(a, sorted(other)) + 1e-6
