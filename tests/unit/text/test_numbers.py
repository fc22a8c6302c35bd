"""The reader of numbers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text.numbers import numbers


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,250 people and 3.5 million euros", [1250, 3_500_000]),
        ("twenty-three of two hundred and five", [23, 205]),
        ("two dozen, a dozen, half a million", [24, 12, 1_000_000]),
        ("three hundred thousand", [300_000]),
        ("\u00a35m, $ 1.5 bn, \u20ac20k", [5_000_000, 1_500_000_000, 20_000]),
        ("one, two, three", [1, 2, 3]),
        ("300m away", []),  # metres: no currency stands before it
        ("a 34-year-old on the A47 at 10:30 or 8pm, the 3rd of 20-30", []),
        ("G20, Covid-19, two-hour, 2-1, #50", []),
        ("dozens and hundreds", []),
        ("twenty and 12 hundred", [20, 1200]),
        ("twenty, and five", [20, 5]),
    ],
)
def test_english_numbers_are_read_in_digits_and_in_words(text: str, values: list[float]) -> None:
    """A number is read by its value; what only looks like one is left."""
    assert [number.value for number in numbers(text)] == values


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("1.250 Menschen, 3,5 Millionen, dreiundzwanzig, zweihundertfünf", "de", [1250, 3_500_000, 23, 205]),
        ("1 250 morts, 3,5 millions, quatre-vingt-dix-sept, soixante et onze, trois cents", "fr",
         [1250, 3_500_000, 97, 71, 300]),
        ("1.250 muertos, treinta y dos, veintitrés, doscientos, dos mil", "es", [1250, 32, 23, 200, 2000]),
        ("1.250 morti, ventitré, quarantuno, duecento, tremila", "it", [1250, 23, 41, 200, 3000]),
    ],
)  # fmt: skip
def test_other_languages_have_their_own_words_and_marks(text: str, language: str, values: list[float]) -> None:
    """A point parts thousands in German, and decimals in English."""
    assert [number.value for number in numbers(text.replace("1 250", "1\u202f250"), language)] == values


@given(st.integers(min_value=0, max_value=10**9))
def test_an_integer_is_read_as_itself_in_plain_and_in_grouped_digits(value: int) -> None:
    """Commas between thousands don't change a number."""
    assert [n.value for n in numbers(f"about {value:,} of them")] == [value]
    assert [n.value for n in numbers(f"about {value} of them")] == [value]


@given(st.text())
def test_offsets_hold_the_number_and_never_overlap(text: str) -> None:
    """Whatever the text, numbers stand in order inside it."""
    found = numbers(text)

    assert all(0 <= n.start < n.end <= len(text) for n in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
