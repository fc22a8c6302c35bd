"""Figures: what a number counts, its bound, its unit; what is denied, possible or past is none."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entry import Entry
from schemas.newsroom import Coverage
from streams.enrich.figures import figures, find_figures
from streams.enrich.figures.masked import lower


def read(text: str, language: str = "en", country: str | None = None) -> list[tuple[object, ...]]:
    """Return kind, value, bound and unit of each figure."""
    return [(f.kind.value, f.value, f.bound and f.bound.value, f.unit) for f in figures(text, language, country, 2024)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("At least 12 people were killed and more than 40 injured.",
         [("dead", 12, "least", None), ("injured", 40, "least", None)]),
        ("The blast, killing two and leaving 7 others wounded, shook the quay.",
         [("dead", 2, None, None), ("injured", 7, None, None)]),
        ("The death toll has risen from 12 to 15.", [("dead", 15, None, None)]),
        ("Police arrested 23 people; around 3,000 residents have been evacuated.",
         [("arrested", 23, None, None), ("evacuated", 3000, "about", None)]),
        ("The coastguard rescued 15 people, five are still missing.",
         [("rescued", 15, None, None), ("missing", 5, None, None)]),
        ("Twenty-three dead, two dozen hurt.", [("dead", 23, None, None), ("injured", 24, None, None)]),
        ("20 plus people were killed.", [("dead", 20, "least", None)]),
        ("Three men and two women were killed.", [("dead", 3, None, None), ("dead", 2, None, None)]),
        ("The town won 2-1 after trailing 0-1.", [("score", (2, 1), None, None), ("score", (0, 1), None, None)]),
        ("Harbour Town 1-3 Hill Rovers", [("score", (1, 3), None, None)]),
        ("All trains run again tonight, says the operator of the line. FT: Harbour Town 1-3 Hill Rovers",
         [("score", (1, 3), None, None)]),
        ('The mayor said that "we will not give up" after 23 people, including three children, were killed.',
         [("dead", 23, None, None)]),
        ("Profit rose 8% to \u00a31.56bn.", [("share", 8, None, "percent"), ("money", 1_560_000_000, None, "GBP")]),
        ("They raised over $ 2 million and 300 euros.",
         [("money", 2_000_000, "least", "USD"), ("money", 300, None, "EUR")]),
        ("A magnitude 6.4 earthquake struck; the 5.1-magnitude aftershock, 4.9 on the Richter scale.",
         [("magnitude", 6.4, None, "richter"), ("magnitude", 4.9, None, "richter")]),
    ],
)  # fmt: skip
def test_a_figure_is_a_number_tied_to_what_it_counts(text: str, found: list[tuple[object, ...]]) -> None:
    """Kind, value, bound and unit come from the words around the number."""
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "There were no deaths.",
        "An earlier version of this post said 32 people had died.",
        "It is not true that 12 people were killed.",
        "The flood could kill 20 people.",
        "Officials fear up to 20 people dead.",
        "If 20 people are arrested, the march ends.",
        "The disaster killed 96 people in 1989.",
        "The 2011 shooting that killed six and injured 12 others.",
        "Smoking causes 80,000 deaths every year.",
        "Two men who killed a driver were jailed.",
        "He was killed two years ago, 12 miles from the port.",
        "Of the 30 flowers, four were missing.",
        "43 million chickens were killed.",
        "Parliament voted 124-65 for the law.",
        "Children aged 10-12 won prizes.",
        "Rates rose by 2 percentage points.",
        "Open 10:30 to 18:00 on 12-10.",
    ],
)
def test_what_is_denied_possible_past_or_counts_something_else_is_no_figure(text: str) -> None:
    """A number that doesn't tell how things stand now stays in the text alone."""
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Mindestens zwölf Menschen wurden getötet, 1.200 Bewohner evakuiert.", "de",
         [("dead", 12, "least", None), ("evacuated", 1200, None, None)]),
        ("12 Menschen wurden in Hamburg verletzt.", "de", [("injured", 12, None, None)]),
        ("Die Zahl der Toten stieg von 3 auf 5.", "de", [("dead", 5, None, None)]),
        ("Au moins douze personnes ont été tuées et 30 blessées.", "fr",
         [("dead", 12, "least", None), ("injured", 30, None, None)]),
        ("La policía detuvo a 15 personas y hay 3 muertos.", "es",
         [("arrested", 15, None, None), ("dead", 3, None, None)]),
        ("Sono almeno 17 i caduti; due feriti, circa il 40% in più.", "it",
         [("dead", 17, "least", None), ("injured", 2, None, None), ("share", 40, "about", "percent")]),
        ("La policía no detuvo a 15 personas.", "es", []),
    ],
)  # fmt: skip
def test_five_languages_have_words_of_their_own(text: str, language: str, found: list[tuple[object, ...]]) -> None:
    """German, French, Spanish and Italian posts have figures as English ones do."""
    assert read(text, language) == found


def test_a_plain_dollar_is_the_one_of_the_coverages_country() -> None:
    """`$` in an Australian coverage is AUD; `US$` stays USD."""
    assert [f[3] for f in read("It cost $5m, or US$3m.", country="AU")] == ["AUD", "USD"]


def test_the_offsets_are_code_points_and_hold_bound_number_and_unit(entry: Callable[..., Entry]) -> None:
    """An emoji before the figure counts as one."""
    body = "\U0001f6a8\U0001f6a8 At least 12 people were killed, damage of \u00a35m."

    found = find_figures(entry(body_text=body), Coverage(id="harbour-fire")).figures or ()

    assert [f.text for f in found] == ["At least 12", "\u00a35m"]
    assert all(body[f.start : f.end] == f.text for f in found)


def test_without_a_body_there_are_no_figures(entry: Callable[..., Entry]) -> None:
    """Offsets refer to the body, so a headline's number is none."""
    assert find_figures(entry(headline="12 killed"), Coverage(id="harbour-fire")).figures is None


@given(st.text())
def test_any_text_has_figures_within_it(text: str) -> None:
    """No text raises, and a figure's text stands where it says."""
    assert len(lower(text)) == len(text)
    assert all(text[f.start : f.end] == f.text for f in figures(text, "en", None, None))
