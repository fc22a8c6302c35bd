"""Memory survives a restart, a dropped draft leaves no trace, and quiet coverages are forgotten."""

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from newsdesk import NOON, Newsdesk, at, post, told

from schemas import Post, Source
from schemas.post import Status
from streams.dedupe import Memory

_WORDS = st.sampled_from(["harbour", "fire", "crews", "quay", "seven", "3", "not", "Ana Reyes", "smoke", "bridge"])
POSTS = st.builds(
    lambda id_, words, minute, status, updated, embargo: post(
        id_,
        " ".join(words),
        status=status,
        **({"published_at": NOON + timedelta(minutes=minute)} if minute is not None else {}),
        **({"updated_at": NOON + timedelta(minutes=updated)} if updated is not None else {}),
        **({"embargo_until": NOON + timedelta(minutes=embargo)} if embargo is not None else {}),
    ),
    st.sampled_from(["p1", "p2", None]),
    st.lists(_WORDS, min_size=1, max_size=12),
    st.none() | st.integers(0, 3),
    st.sampled_from([Status.USABLE] * 4 + [Status.CANCELED, Status.WITHHELD]),
    st.none() | st.integers(0, 5),
    st.none() | st.none() | st.integers(0, 9),
)
DOCUMENTS = st.lists(
    st.tuples(st.sampled_from(["post", "echo", "wire"]), st.lists(POSTS, max_size=4), st.booleans()), max_size=8
)


def source(name: str) -> Source:
    """Return a source; one of them is complete."""
    return Source(id=name, complete=name == "wire")


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS, st.data())
def test_loading_what_was_written_equals_applying_it(
    documents: list[tuple[str, list[Post], bool]], data: st.DataObject
) -> None:
    """A worker that restarts at any moment decides as if it had never stopped."""
    lived, restarted = Newsdesk(), Newsdesk()
    for name, posts, snapshot in documents:
        if data.draw(st.booleans()):
            restarted = restarted.restart()
        told_one = lived.push(*posts, source=source(name), snapshot=snapshot)
        told_other = restarted.push(*posts, source=source(name), snapshot=snapshot)
        assert told_one == told_other
    assert dict(lived.log) == dict(restarted.log)


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
def test_a_document_repeated_changes_nothing(documents: list[tuple[str, list[Post], bool]]) -> None:
    """Idempotent: what was just said, said again, leads to no revision."""
    desk = Newsdesk()
    for name, posts, _ in documents:
        desk.push(*posts[:1], source=name)
        assert desk.push(*posts[:1], source=name, received=desk.clock) == []


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS, st.integers(0, 8))
def test_a_replay_from_any_document_ends_the_same(documents: list[tuple[str, list[Post], bool]], offset: int) -> None:
    """Documents that were not committed are decided again, the same way."""
    desk = Newsdesk()
    for name, posts, snapshot in documents[:offset]:
        desk.push(*posts, source=source(name), snapshot=snapshot)
    crashed = desk.restart()
    first = [desk.push(*posts, source=source(name), snapshot=shown) for name, posts, shown in documents[offset:]]
    again = [crashed.push(*posts, source=source(name), snapshot=shown) for name, posts, shown in documents[offset:]]

    assert first == again


@settings(max_examples=100, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_versions_in_any_order_end_with_the_newest(gone: list[bool], dice: random.Random) -> None:
    """Where the source tells when it wrote a version, the order in which versions come doesn't matter in the end."""
    versions = [
        post("p1", None if is_gone else f"Version {minute}", updated_at=NOON + timedelta(minutes=minute),
             status=Status.CANCELED if is_gone else Status.USABLE)
        for minute, is_gone in enumerate(gone)
    ]  # fmt: skip
    shuffled = dice.sample(versions, len(versions))
    desk = Newsdesk()

    said = [decision for version in shuffled for decision in desk.push(version)]

    shown = said[-1].post.body_text if said else None
    assert shown == versions[-1].body_text
    assert [decision.revision for decision in said] == list(range(1, len(said) + 1))


def test_a_dropped_draft_leaves_no_trace() -> None:
    """What was not committed was never known."""
    desk = Newsdesk()
    desk.push(post("p1", "One"))
    desk.decide(desk.memory.draft(), [post("p1", "Two"), post("p2", "Other")])

    assert told(desk.push(post("p1", "Three"))) == [("updated", 2, "Three")]


def test_a_document_that_fails_half_way_leaves_nothing() -> None:
    """A bug in the middle of a document doesn't make us believe that we published its first posts."""
    desk = Newsdesk()
    draft = desk.memory.draft()
    broken = post("p2", "Two").model_copy(update={"published_at": "no time", "time_basis": None})
    try:
        desk.decide(draft, [post("p1", "One"), broken])
    except (TypeError, AttributeError, ValueError):
        failed = True

    assert failed
    assert list(draft.records()) == []


def test_quiet_coverages_shrink_with_tombstones() -> None:
    """After the quiet time the entries' records end in tombstones, and one of skeletons stands in their place."""
    desk = Newsdesk()
    desk.push(post("p1", "One"), post("p2", "Two"))
    (gone,) = desk.push(Post(id="p2", status=Status.CANCELED))
    written = {key for key, _ in desk.log}
    desk = desk.restart()

    early = desk.sweep(NOON + timedelta(hours=20))
    swept = desk.sweep(NOON + timedelta(hours=50))

    assert early.coverages == ()
    assert swept.coverages == ("harbour-fire",)
    assert swept.entries == (gone.entry_id,)
    compacted = {key: value for key, value in desk.log if not key.startswith(b"elsewhere")}
    ended = {key for key, value in compacted.items() if value is None}
    assert ended == written - {b"harbour-fire\0"}
    assert set(compacted) - ended == {b"harbour-fire\0", b"harbour-fire\0#0"}


def test_an_aged_retraction_ends_once() -> None:
    """A retraction gets its tombstone after a day, one time, and is still known."""
    desk = Newsdesk()
    desk.push(post("p1", "One", updated_at=at("12:00")))
    (gone,) = desk.push(Post(id="p1", status=Status.CANCELED, updated_at=at("12:05")))
    desk.push(post("p9", "Later"), received=NOON + timedelta(hours=30))

    ended = []
    for hours in (20, 30, 31):
        draft = desk.memory.draft()
        ended.append(draft.forget(NOON + timedelta(hours=hours)).entries)
        desk.commit(draft)
        desk = desk.restart()

    assert ended == [(), (gone.entry_id,), ()]
    assert desk.push(post("p1", "One", updated_at=at("12:00"))) == []


def test_a_tombstone_forgets_an_entry() -> None:
    """Loading follows the log: a key without a value is forgotten."""
    desk = Newsdesk()
    desk.push(post("p1", "One"))
    memory = Memory()
    for key, value in [*desk.log, *((key, None) for key, _ in desk.log)]:
        memory.load(key, value)
    desk.memory = memory

    assert told(desk.push(post("p1", "One"))) == [("created", 1, "One")]
