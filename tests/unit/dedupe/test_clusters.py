"""The same news from several sources: one first report, the others with it, whatever happens to each."""

from hypothesis import given, settings
from hypothesis import strategies as st
from newsdesk import Newsdesk, at, post, told

from schemas import Post
from schemas.post import Kind, Status
from streams.dedupe import Rule

WIRE = (
    "Three people were hurt when a crane fell on to the north quay on Monday, the harbour master said. "
    "Crews from Westhaven and Norbury reached the site within ten minutes. The quay stays closed until Friday."
)
FIRST = post(
    "a1", WIRE, headline="Crane falls at harbour", url="https://post.example/live#a1", published_at=at("11:00")
)
COPY = post("b1", WIRE.replace("the harbour master said", "said the harbour master"), published_at=at("11:06"))
DEAD = post("b1", WIRE.replace("Three people were hurt", "Four people were hurt"), published_at=at("11:06"))


def test_a_second_source_corroborates_the_first() -> None:
    """The later report names the first, and the first is published again, whole, with its sources."""
    desk = Newsdesk()
    (first,) = desk.push(FIRST, source="post")
    desk = desk.restart()

    copy, corroborated = desk.push(COPY, source="echo")

    assert (copy.change, copy.revision, copy.duplicate_of) == ("created", 1, first.entry_id)
    assert (corroborated.change, corroborated.revision, corroborated.entry_id) == ("corroborated", 2, first.entry_id)
    assert (corroborated.post.headline, corroborated.post.body_text, corroborated.changed_fields) == (
        "Crane falls at harbour",
        WIRE,
        (),
    )
    (source,) = corroborated.sources
    assert (source.source_id, source.entry_id, source.published_at) == ("echo", copy.entry_id, at("11:06"))
    assert source.similarity is not None
    assert source.similarity > 0.9


def test_the_same_source_does_not_corroborate_itself() -> None:
    """Two posts of one source are two posts, however alike."""
    desk = Newsdesk()
    desk.push(FIRST)

    (other,) = desk.push(COPY)

    assert other.duplicate_of is None


def test_a_coverage_can_do_without() -> None:
    """The switch of the coverage turns the recognition off."""
    desk = Newsdesk()
    desk.push(FIRST, source="post", near_duplicates=False)

    (copy,) = desk.push(COPY, source="echo", near_duplicates=False)

    assert (copy.duplicate_of, copy.sources) == (None, ())


def test_a_third_source_joins_the_first_report() -> None:
    """Reports of one news form one group around the first, in the order in which they came."""
    desk = Newsdesk()
    (first,) = desk.push(FIRST, source="post")
    desk.push(COPY, source="echo")

    third, corroborated = desk.push(post("c1", f"{WIRE} More to follow."), source="wire")

    assert third.duplicate_of == first.entry_id
    assert [s.source_id for s in corroborated.sources] == ["echo", "wire"]


def test_an_edit_that_contradicts_splits() -> None:
    """A report that now tells another number stands alone, and the first loses it as a source."""
    desk = Newsdesk()
    desk.push(FIRST, source="post")
    desk.push(COPY, source="echo")

    split, first = desk.push(DEAD, source="echo")
    joined, again = desk.push(COPY, source="echo")

    assert (split.change, split.duplicate_of) == ("updated", None)
    assert (first.change, first.revision, first.sources) == ("updated", 3, ())
    assert (joined.duplicate_of, again.change, again.revision) == (first.entry_id, "corroborated", 4)


def test_an_edit_of_the_first_report_lets_the_others_go() -> None:
    """When the first one changes its story, the others, who still agree, form a group of their own."""
    desk = Newsdesk()
    desk.push(FIRST, source="post")
    desk.push(COPY, source="echo")
    desk.push(post("c1", WIRE), source="wire")

    edited, second, third = desk.push(FIRST.model_copy(update={"body_text": DEAD.body_text}), source="post")

    assert (edited.change, edited.sources) == ("updated", ())
    assert (third.source_id, third.duplicate_of) == ("echo", None)
    assert [s.entry_id for s in third.sources] == [second.entry_id]
    assert (second.source_id, second.duplicate_of, second.revision) == ("wire", third.entry_id, 2)


def test_a_retracted_first_report_promotes_the_next() -> None:
    """Nothing is hidden for good: when the first is taken back, the next one is the first."""
    desk = Newsdesk()
    desk.push(FIRST, source="post")
    copy, _ = desk.push(COPY, source="echo")
    third, _ = desk.push(post("c1", WIRE), source="wire")
    desk = desk.restart()

    retracted, *moved = desk.push(Post(id="a1", status=Status.CANCELED), source="post")

    assert (retracted.change, retracted.sources) == ("retracted", ())
    by_source = {d.source_id: d for d in moved}
    assert by_source["echo"].duplicate_of is None
    assert [s.entry_id for s in by_source["echo"].sources] == [third.entry_id]
    assert by_source["wire"].duplicate_of == copy.entry_id
    assert {d.change for d in moved} == {"updated"}


def test_a_retracted_report_leaves_the_first() -> None:
    """A source that takes its report back corroborates no longer; its retraction still says whose copy it was."""
    desk = Newsdesk()
    desk.push(FIRST, source="post")
    desk.push(COPY, source="echo")

    retracted, first = desk.push(Post(id="b1", status=Status.CANCELED), source="echo")

    assert (retracted.change, retracted.duplicate_of) == ("retracted", first.entry_id)
    assert (first.change, first.sources) == ("updated", ())


def test_a_report_that_returns_finds_its_first_again() -> None:
    """What the retraction says of the copy is not what is remembered of it."""
    desk = Newsdesk()
    desk.push(FIRST, source="post")
    desk.push(COPY, source="echo")
    desk.push(Post(id="b1", status=Status.CANCELED), source="echo")

    restored, first = desk.push(COPY, source="echo")

    assert (restored.change, restored.duplicate_of) == ("restored", first.entry_id)
    assert [report.entry_id for report in first.sources] == [restored.entry_id]


def test_a_recap_and_a_readers_comment_corroborate_nothing() -> None:
    """A summary repeats many reports; it is none of them."""
    desk = Newsdesk()
    desk.push(FIRST, source="post")

    found = desk.push(post("s1", WIRE, kind=Kind.SUMMARY), post("s2", WIRE, kind=Kind.COMMENT), source="echo")

    assert [d.duplicate_of for d in found] == [None, None]


def test_the_reason_names_the_candidate_and_the_veto() -> None:
    """What was nearly a duplicate says what it differs in."""
    desk = Newsdesk()
    (first,) = desk.push(FIRST, source="post")

    (other,) = desk.push(DEAD, source="echo")

    assert other.duplicate_of is None
    assert other.reason is not None
    assert (other.reason.rule, other.reason.candidate, other.reason.veto) == (Rule.NEW, first.entry_id, "number: 3 / 4")


STORIES = st.sampled_from(
    [WIRE, DEAD.body_text, COPY.body_text, f"{WIRE} Nobody else was near.", "Trams run as usual today."]
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["post", "echo", "wire"]),
        st.sampled_from(["1", "2"]),
        st.one_of(STORIES, st.none()),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.integers(1, 5))
def test_groups_agree_with_themselves_and_with_a_replay(steps: list[tuple[str, str, str | None]], batch: int) -> None:
    """After any edits and retractions, firsts and reports name each other, the same in any batches."""
    desk, other = Newsdesk(), Newsdesk()
    latest = {}
    draft = other.memory.draft()
    for number, (source, id_, body) in enumerate(steps):
        item = post(id_, body) if body else Post(id=id_, status=Status.CANCELED)
        decisions = desk.push(item, source=source)
        latest.update({d.entry_id: d for d in decisions})
        other.clock = desk.clock
        assert told(other.decide(draft, [item], source)) == told(decisions)
        if number % batch == 0:
            other.commit(draft)
            other = other.restart()
            draft = other.memory.draft()

    pairs = {(d.entry_id, d.duplicate_of) for d in latest.values() if d.duplicate_of and d.status == "usable"}
    listed = {(source.entry_id, d.entry_id) for d in latest.values() for source in d.sources}
    assert pairs == listed
    firsts = {first for _, first in pairs}
    assert all(latest[first].duplicate_of is None and latest[first].status == "usable" for first in firsts)
