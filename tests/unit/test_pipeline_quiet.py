"""What is forgotten depends on the documents and their order alone: no batch, restart or sweep makes a difference."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from long_forms import LONG

from schemas import Coverage, Document, Newsroom, Source
from streams.dedupe import Memory
from streams.pipeline import Pipeline

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
BODIES = (
    "Three people were hurt when a ferry hit the north pier at Westhaven, the harbour master said.",
    "Five people were hurt when a ferry hit the north pier at Westhaven, the harbour master said.",
    "WESTHAVEN - Three people were hurt when a ferry hit the north pier at Westhaven, the harbour master said.",
    "GOAL! City 1-0 Rovers",
)
POSTS = st.fixed_dictionaries(
    {"body_text": st.sampled_from(BODIES)},
    optional={
        "id": st.sampled_from(("1", "2")),
        "headline": st.sampled_from(("At the pier", "At the pier today")),
        "published_at": st.sampled_from(("2024-05-01T11:00:00Z", "2024-05-04T11:01:00Z", "2024-11-01T11:01:00Z")),
        "updated_at": st.sampled_from(("2024-05-01T11:10:00Z", "2024-05-30T11:20:00Z")),
        "version": st.sampled_from(("1", "2")),
        "status": st.sampled_from(("usable", "withheld", "canceled")),
        "embargo_until": st.sampled_from(("2024-05-01T12:03:00Z", "2024-05-05T12:00:00Z", "2024-08-20T12:00:00Z")),
    },
)
HOURS = st.sampled_from((0.0, 0.01, 1.0, 30.0, 47.9, 49.0, 80.0, 500.0, 90 * 24.0, 92 * 24.0, 9_000.0, -0.5, -60.0))
GIVEN = st.tuples(
    st.sampled_from(("post", "wire")),
    st.sampled_from(("pier", "pier", "match")),
    HOURS,
    st.lists(POSTS, min_size=1, max_size=3),
)
PIPELINE = Pipeline(
    Newsroom(
        coverages=tuple(
            Coverage(id=name, sources=(Source(id=f"post-{name}"), Source(id=f"wire-{name}", complete=True)))
            for name in ("pier", "match")
        )
    )
)
Given = tuple[str, str, float, list[dict[str, Any]]]


def documents_of(given_documents: list[Given]) -> list[Document]:
    """Return documents, each as many hours after the one before; some before it."""
    now, documents = NOON, []
    for number, (source, coverage, hours, posts) in enumerate(given_documents):
        now += timedelta(hours=hours)
        documents.append(
            Document(
                id=str(number),
                source_id=f"{source}-{coverage}",
                coverage_id=coverage,
                received_at=now,
                content_type="application/vnd.liveline.post+json",
                body=json.dumps(posts).encode(),
            )
        )
    return documents


def run(documents: list[Document], cuts: set[int], restarts: set[int], sweeps: set[int]) -> list[bytes]:
    """Return every revision, with batches that end, workers that restart and sweeps at these places."""
    memory, log, said = Memory(), list[tuple[bytes, bytes | None]](), list[bytes]()
    start = 0
    for end in sorted({*cuts, *restarts, *sweeps, len(documents)}):
        draft = memory.draft()
        outcome = PIPELINE.run([(each, None) for each in documents[start:end]], draft, NOON)
        said += [entry.to_json() for entry in outcome.entries]
        assert outcome.bugs == []
        log += draft.records()
        memory.apply(draft)
        start = end
        if end in sweeps:
            draft = memory.draft()
            draft.forget(NOON)
            log += draft.records()
            memory.apply(draft)
        if end in restarts:
            memory = Memory()
            for key, value in log:
                memory.load(key, value)
    return said


PLACES = st.sets(st.integers(0, 12))


@settings(max_examples=1500 if LONG else 150, deadline=None)
@given(st.lists(GIVEN, max_size=12), PLACES, PLACES, PLACES)
def test_batches_restarts_and_sweeps_change_nothing(
    given_documents: list[Given], cuts: set[int], restarts: set[int], sweeps: set[int]
) -> None:
    """Over a year of documents, late ones among them, the revisions are the same, in the same order, byte for byte."""
    documents = documents_of(given_documents)
    inside = set(range(len(documents) + 1))

    undisturbed = run(documents, set(), set(), set())
    assert run(documents, cuts & inside, restarts & inside, sweeps & inside) == undisturbed
    assert run(documents, inside, inside, inside) == undisturbed


@settings(max_examples=500 if LONG else 60, deadline=None)
@given(st.lists(GIVEN, max_size=10))
def test_a_revision_stands_once(given_documents: list[Given]) -> None:
    """Within the time that entries are kept, no (entry, revision) is published twice, and none is left out."""
    near = [
        (source, coverage, min(max(hours, 0.0), 200.0), posts) for source, coverage, hours, posts in given_documents
    ]

    said = run(documents_of(near), set(), set(), set())

    last: dict[str, int] = {}
    for entry in map(json.loads, said):
        assert entry["revision"] == last.get(entry["entry_id"], 0) + 1
        last[entry["entry_id"]] = entry["revision"]
