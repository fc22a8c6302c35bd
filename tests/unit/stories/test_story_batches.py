"""The same stories in any batches, after any restart, and whatever failed in between."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_desk import FERRY, FERRY_LATER, NOON, SCHOOLS, TRAMS, document

from schemas import Entry
from streams.dedupe import Memory
from streams.dedupe.memory.term_index import ABOUT_BITS, TermIndex
from streams.pipeline import Pipeline
from streams.stories.terms import unpacked

_WORDS = st.lists(
    st.sampled_from(("ferry", "pier", "rudder", "inquiry", "captain", "trams", "boilers", "Westhaven", "crane", "7")),
    min_size=3,
    max_size=9,
).map(" ".join)
POSTS = st.fixed_dictionaries(
    {"id": st.sampled_from("123456"), "body_text": st.sampled_from((FERRY, FERRY_LATER, TRAMS, SCHOOLS)) | _WORDS},
    optional={"status": st.sampled_from(("usable", "usable", "canceled")), "headline": _WORDS},
)
GIVEN = st.lists(st.tuples(st.sampled_from(("post", "wire")), st.lists(POSTS, min_size=1, max_size=3)), max_size=12)
Given = list[tuple[str, list[dict[str, Any]]]]


def stories(given_: Given, cuts: set[int], restarts: set[int], fails: set[int]) -> tuple[list[str], Memory]:
    """Return every revision with its story; documents at `fails` raise once before they are processed."""
    memory, log, said = Memory(), dict[bytes, bytes](), list[str]()
    documents = [document(number, source, *posts) for number, (source, posts) in enumerate(given_)]
    start = 0
    for end in sorted({*cuts, *restarts, len(documents)} & set(range(len(documents) + 1))):
        draft = memory.draft()
        for number, each in enumerate(documents[start:end], start):
            if number in fails:
                Pipeline().run([(each, None)], draft, NOON)
                draft.take_back(each)
                draft.last.put(each, whole=False)
            said += map(_short, Pipeline().run([(each, None)], draft, NOON).entries)
        for key, value in draft.records():
            log.pop(key, None)
            if value is not None:
                log[key] = value
        memory.apply(draft)
        start = end
        if end in restarts:
            memory = Memory()
            for key, value in log.items():
                memory.load(key, value)
    return said, memory


def _short(entry: Entry) -> str:
    return f"{entry.source_post_id} {entry.revision} {entry.change} {entry.story_id}"


@settings(max_examples=80, deadline=None)
@given(GIVEN, st.sets(st.integers(0, 12)), st.sets(st.integers(0, 12)), st.sets(st.integers(0, 12)))
def test_batches_restarts_and_failures_change_no_story(
    given_: Given, cuts: set[int], restarts: set[int], fails: set[int]
) -> None:
    """A worker that failed, dropped its draft or began anew says what one that never stopped says."""
    assert stories(given_, cuts, restarts, fails)[0] == stories(given_, set(), set(), set())[0]


@settings(max_examples=80, deadline=None)
@given(GIVEN, st.sets(st.integers(0, 12)), st.sets(st.integers(0, 12)))
def test_what_is_counted_is_what_the_entries_have(given_: Given, cuts: set[int], fails: set[int]) -> None:
    """The index that grew with layers, roll-backs and edits is the one that loading makes."""
    _, memory = stories(given_, cuts, set(), fails)
    known = memory.coverage("pier")
    loaded = TermIndex()
    loaded.build((entry.entry_id, entry.terms) for entry in known.all())
    terms = {term & ~ABOUT_BITS for entry in known.all() for term in unpacked(entry.terms)}
    entries, counts = known.term_counts()

    assert entries == loaded.entries
    assert counts(terms) == loaded.counts(terms)
    assert all(sorted(known.having(term)) == sorted(loaded.having(term)) for term in terms)


@pytest.mark.parametrize("batch", [1, 2, 4])
def test_a_story_goes_over_batches(batch: int) -> None:
    """An entry joins one of the same batch as it joins one that was committed before."""
    given_: Given = [
        ("post", [{"id": "1", "body_text": FERRY}]),
        ("post", [{"id": "2", "body_text": TRAMS}]),
        ("wire", [{"id": "3", "body_text": FERRY_LATER}]),
    ]
    said, _ = stories(given_, set(range(0, 4, batch)), set(), set())

    first, other, later = (line.split()[-1] for line in said)
    assert first == later != other
