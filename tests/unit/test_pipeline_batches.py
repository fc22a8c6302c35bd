"""The pipeline says the same however its documents are cut into batches, and after any restart."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from long_forms import LONG

from schemas import Document
from streams.dedupe import Memory
from streams.pipeline import Pipeline

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
BODIES = (
    "Three people were hurt when a ferry hit the north pier at Westhaven, the harbour master said.",
    "Five people were hurt when a ferry hit the north pier at Westhaven, the harbour master said.",
    "WESTHAVEN - Three people were hurt when a ferry hit the north pier at Westhaven, the harbour master said.",
    "Trams on line 4 are back, the operator says, and thanks commuters for their patience.",
    "GOAL! City 1-0 Rovers",
)
POSTS = st.fixed_dictionaries(
    {"body_text": st.sampled_from(BODIES)},
    optional={
        "id": st.sampled_from(("1", "2")),
        "headline": st.sampled_from(("At the pier", "At the pier today")),
        "published_at": st.sampled_from(("2024-05-01T11:00:00Z", "2024-05-01T11:01:00Z")),
        "updated_at": st.sampled_from(("2024-05-01T11:10:00Z", "2024-05-01T11:20:00Z")),
        "status": st.sampled_from(("usable", "withheld", "canceled")),
        "embargo_until": st.just("2024-05-01T12:03:00Z"),
        "pinned": st.booleans(),
    },
)
DOCUMENTS = st.lists(st.tuples(st.sampled_from(("post", "wire")), st.lists(POSTS, min_size=1, max_size=3)), max_size=10)


def document(number: int, source: str, posts: list[dict[str, Any]]) -> Document:
    """Return a document, a minute after the one before."""
    return Document(
        id=str(number), source_id=source, coverage_id="pier", received_at=NOON + timedelta(minutes=number),
        content_type="application/vnd.liveline.post+json", body=json.dumps(posts).encode(),
    )  # fmt: skip


def run(documents: list[Document], cuts: set[int], restarts: set[int]) -> list[bytes]:
    """Return every revision, with batches that end and workers that restart at these places."""
    memory, log, said = Memory(), list[tuple[bytes, bytes | None]](), list[bytes]()
    start = 0
    for end in sorted({*cuts, *restarts, len(documents)}):
        draft = memory.draft()
        outcome = Pipeline().run([(each, None) for each in documents[start:end]], draft, NOON)
        said += [entry.to_json() for entry in outcome.entries]
        assert outcome.bugs == []
        log += draft.records()
        memory.apply(draft)
        start = end
        if end in restarts:
            memory = Memory()
            for key, value in log:
                memory.load(key, value)
    return said


@settings(max_examples=1000 if LONG else 80, deadline=None)
@given(DOCUMENTS, st.sets(st.integers(0, 10)), st.sets(st.integers(0, 10)))
def test_batches_and_restarts_change_nothing(
    given_documents: list[tuple[str, list[dict[str, Any]]]], cuts: set[int], restarts: set[int]
) -> None:
    """Any batches with any restarts between them lead to the same revisions, in the same order, byte for byte."""
    documents = [document(number, *each) for number, each in enumerate(given_documents)]
    inside = set(range(len(documents) + 1))

    assert run(documents, cuts & inside, restarts & inside) == run(documents, set(), set())
