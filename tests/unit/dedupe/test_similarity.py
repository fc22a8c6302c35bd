"""When two texts tell the same news: copies of every kind do, a contradicted fact does not."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsdesk import post

from streams.dedupe import Thresholds
from streams.dedupe.same_news.similarity import Verdict, compare, compared_text

STORY = (
    "Three people died when a ferry hit the north pier at Westhaven on Monday, police said. "
    "The harbour master, Ana Reyes, said the boat was doing 12 knots. Crews from Norbury searched until 10:30. "
    "The council put the damage at \u00a31.2m and the pier is closed to visitors."
)
OTHER = "Trams on line 4 are back. The operator thanked passengers for their patience during the long works."


def judged(a: str, b: str) -> Verdict:
    """Return the verdict on two bodies, which must be the same both ways."""
    first, second = compared_text(post("a", a)), compared_text(post("b", b))
    verdict = compare(first, second, Thresholds())
    assert compare(second, first, Thresholds()).same == verdict.same
    return verdict


@pytest.mark.parametrize(
    "copy",
    [
        STORY,
        STORY.replace(" ", "\u00a0", 3).replace(" said", " says").replace("died", "were killed"),
        STORY.replace("Three", "3").replace("\u00a31.2m", "\u00a31,200,000"),
        f"WESTHAVEN (Reuters) - {STORY} (Reporting by Bo Rand)",
        f"{STORY} Read more here.",
        f"{OTHER} {STORY} {OTHER} It rained for most of the day.",
        STORY.rpartition(". ")[0] + ".",
        STORY[: len(STORY) * 2 // 3] + " ...",
        STORY.replace("Three people", "People"),
        STORY.replace("on Monday, ", ""),
        STORY + " At least 40 others were on board.",
        " ".join(STORY.split(". ")[::-1]),
        STORY.replace("Ana Reyes", "Ms Reyes"),
        STORY.lower(),
        STORY.replace("harbour master", "harbuor master").replace("Westhaven", "Wsthaven"),
        STORY.lower().replace("died when", "died because").replace("searched until", "searched till"),
        f"(Reuters) - {STORY}",
        f"BREAKING: {STORY}\n\nUpdated at 14.05 GMT\n\n\u00a9 Quayside Press 2024",
        f"By Ines Calder in Westhaven\n\n{STORY}\n\nIf you can't see the video, refresh the page.",
        STORY.replace("to visitors", "to visitors, not to crews"),
    ],
)
def test_a_copy_is_the_same_news(copy: str) -> None:
    """Typography, credits, cuts, additions, other order, a fact left out: still the same."""
    assert judged(STORY, copy).same


@pytest.mark.parametrize(
    ("old", "new", "veto"),
    [
        ("Three people", "Five people", "number"),
        ("Three", "4", "number"),
        ("12 knots", "21 knots", "number"),
        ("10:30", "10:45", "time"),
        ("\u00a31.2m", "\u00a31.5m", "number"),
        ("Monday", "Tuesday", "day"),
        ("Ana Reyes", "Ines Maro", "name"),
        ("Westhaven", "Easton", "name"),
        ("is closed", "is not closed", "negation"),
        ("is closed", "is open", "opposite"),
    ],
)
@pytest.mark.parametrize("change", [str, str.lower], ids=["cased", "lower case"])
def test_one_other_fact_is_other_news(old: str, new: str, veto: str, change: Callable[[str], str]) -> None:
    """However alike the words, another fact in the same place is a contradiction, and it is named."""
    verdict = judged(change(STORY), change(STORY.replace(old, new)))

    assert not verdict.same
    assert verdict.veto is not None
    assert verdict.veto.startswith(veto)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("on 8 {} in Norbury", "on 8 {} in Norbury"),
        ("in {} last year", "in {} last year"),
        ("on {} 24, 2017,", "on {} 24, 2017,"),
    ],
    ids=["day before", "in", "day after"],
)
@pytest.mark.parametrize(
    ("month", "other"), [("March", "June"), ("February", "March"), ("May", "March"), ("April", "May")]
)
@pytest.mark.parametrize("change", [str, str.lower], ids=["cased", "lower case"])
def test_march_and_may_are_months_where_a_month_stands(
    a: str, b: str, month: str, other: str, change: Callable[[str], str]
) -> None:
    """Two words that mean something else as well are dates beside a day or after "in"."""
    told_first = STORY.replace("on Monday", a.format(month))
    told_second = STORY.replace("on Monday", b.format(other))

    assert (judged(change(told_first), change(told_second)).veto or "").startswith("day")


def test_march_and_may_are_no_months_elsewhere() -> None:
    """A march through the town, what may happen, and the planet: no dates that contradict."""
    march = "Thousands joined the march through Norbury, which may end at the quay on Monday, the organisers said."

    assert judged(march, march.replace("may end", "ends")).same
    assert judged(march.replace("Norbury", "Mars"), march).veto == "name: mars / norbury"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (STORY, OTHER + " The works took eleven weeks and cost more than planned.", False),
        (STORY, STORY[: len(STORY) // 2] + "...", True),
    ],
)
def test_a_shared_headline_is_not_enough(a: str, b: str, *, same: bool) -> None:
    """A long headline over two bodies that differ makes them no copy; over a body cut short it does."""
    headline = (
        "Harbour news: what happened at the north pier of Westhaven, when trams are back, and what comes next today"
    )
    first, second = (compared_text(post("a", body, headline=headline)) for body in (a, b))

    assert compare(first, second, Thresholds()).same is same


def test_headlines_without_a_common_word_contradict_nothing() -> None:
    """Each outlet writes its own headline over a wire's text."""
    first, second = (
        compared_text(post("a", STORY, headline=line)) for line in ("Pier tragedy", "Ferry accident kills visitors")
    )

    assert compare(first, second, Thresholds()).same


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("GOAL! City 1-0 Rovers, Maro scores", "GOAL! City 2-0 Rovers, Maro scores"),
        ("3 dead in pier accident", "5 dead in pier accident"),
        ("Good morning", "Good evening"),
        ("Yes!", "Yes!"),
        (STORY, OTHER),
        ("The pier is closed.", "The pier is closed to all traffic, and the road to the harbour is blocked by ice."),
    ],
)
def test_short_texts_need_more(a: str, b: str) -> None:
    """Scores, tolls and greetings are not the same for a few shared words."""
    assert not judged(a, b).same


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(a: str, b: str) -> None:
    """Whatever stands in a post, a verdict comes out, the same one both ways, with a similarity between 0 and 1."""
    assert 0 <= judged(a, b).similarity <= 1


def test_a_stray_capital_does_not_make_lower_case_text_cased() -> None:
    """Names in lower-case text are told apart even if one word of it has a capital."""
    text = STORY.lower().replace("harbour", "hArbour")

    assert (judged(text, text.replace("norbury", "easton")).veto or "").startswith("name")
