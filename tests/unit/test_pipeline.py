"""The pipeline as a whole: what a document that comes again costs, and what a failure takes back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from schemas import Coverage, Document, Newsroom, Source
from streams.dedupe import Memory
from streams.pipeline import Outcome, Pipeline

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def document(posts: Any, minutes: int = 0, source: str = "evening-post") -> Document:
    """Return a pushed document."""
    return Document(
        id=f"d{minutes}",
        source_id=source,
        coverage_id="harbour-fire",
        received_at=NOON + timedelta(minutes=minutes),
        content_type="application/vnd.liveline.post+json",
        body=orjson.dumps(posts),
    )


def run(memory: Memory, *documents: Document, pipeline: Pipeline | None = None) -> Outcome:
    """Process documents in a batch of their own, committed."""
    draft = memory.draft()
    outcome = (pipeline or Pipeline()).run([(each, None) for each in documents], draft, NOON)
    memory.apply(draft)
    return outcome


def test_what_a_source_sends_again_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes as last time cost their hash; within a batch as well as over batches."""
    memory, page = Memory(), [{"id": "p1", "headline": "Fire"}]
    assert len(run(memory, document(page), document(page, 1)).entries) == 1

    def parse(*_: Any) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr("streams.pipeline.parse", parse)
    again = run(memory, document(page, 2))
    assert (again.repeated, again.entries, again.bugs) == (1, [], [])


def test_a_document_in_between_makes_it_a_new_one() -> None:
    """A page that shows a post again after its deletion brings it back."""
    memory, page = Memory(), [{"id": "p1", "headline": "Fire"}]
    run(memory, document(page))
    run(memory, document([{"id": "p1", "status": "canceled"}], 1))

    (entry,) = run(memory, document(page, 2)).entries
    assert (entry.change, entry.revision) == ("restored", 3)


def test_a_draft_that_is_dropped_has_sent_nothing() -> None:
    """A batch whose transaction failed is processed again in full."""
    memory, page = Memory(), [{"id": "p1", "headline": "Fire"}]
    Pipeline().run([(document(page), None)], memory.draft(), NOON)

    assert len(run(memory, document(page)).entries) == 1


def test_a_bad_part_is_told_each_time() -> None:
    """A document with a fault in it is no repetition: each push of it leaves its dead letter."""
    memory, page = Memory(), [{"id": "p1", "headline": "Fire"}, {"headline": 7}]
    run(memory, document(page))

    assert len(run(memory, document(page, 1)).letters) == 1


def test_a_complete_sources_absences_are_counted_in_equal_snapshots() -> None:
    """What is missing from two snapshots is gone, also when the second is equal to the first."""
    source = Source(id="evening-post", complete=True, format="post")
    newsroom = Newsroom(coverages=(Coverage(id="harbour-fire", sources=(source,)),))
    page = "<p>{}</p>"
    pages = [
        Document(
            id=f"d{minute}", source_id=source.id, coverage_id="harbour-fire",
            received_at=NOON + timedelta(minutes=minute), content_type="application/feed+json", format="json_feed",
            body=orjson.dumps({
                "version": "https://jsonfeed.org/version/1.1", "title": "Live",
                "items": [{"id": name, "title": name, "content_html": page.format(name)} for name in shown],
            }),
        )
        for minute, shown in enumerate((("Fire", "Smoke"), ("Fire",), ("Fire",)))
    ]  # fmt: skip
    memory, pipeline = Memory(), Pipeline(newsroom)
    changes = [[entry.change for entry in run(memory, each, pipeline=pipeline).entries] for each in pages]

    assert changes == [["created", "created"], [], ["retracted"]]


def test_what_could_not_be_published_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a bug stops a decision on its way out, memory does not take it for published."""
    memory, page = Memory(), [{"id": "p1", "headline": "Fire"}]

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("streams.pipeline.enrich", broken)
        assert len(run(memory, document(page)).bugs) == 1
    assert [entry.revision for entry in run(memory, document(page)).entries] == [1]


def test_a_page_that_contradicts_itself_says_the_same_after_a_restart() -> None:
    """Such a page says something new each time it comes, whether or not the worker remembers its bytes."""
    page = [
        {"id": "p1", "headline": "Two hurt"},
        {"id": "p1", "headline": "Five hurt", "pinned": True},
        {"id": "p1", "headline": "Six hurt"},
    ]
    pages = [document(page, minute) for minute in range(4)]

    def revisions(*, restarting: bool) -> list[tuple[int, str | None]]:
        memory, found = Memory(), []
        for each in pages:
            draft = memory.draft()
            found += [(e.revision, e.headline) for e in Pipeline().run([(each, None)], draft, NOON).entries]
            records = list(draft.records())
            memory.apply(draft)
            if restarting:
                log.extend(records)
                memory = Memory()
                for key, value in log:
                    memory.load(key, value)
        return found

    log: list[tuple[bytes, bytes | None]] = []
    assert revisions(restarting=True) == revisions(restarting=False)


def test_what_an_embargo_held_is_enriched_with_its_coverage() -> None:
    """A post that goes out at its time is located as one that goes out at once."""
    source = Source(id="evening-post")
    newsroom = Newsroom(coverages=(Coverage(id="harbour-fire", country="US", sources=(source,)),))
    pipeline, memory = Pipeline(newsroom), Memory()
    post = {
        "id": "p1",
        "body_text": "A fire broke out in Cambridge on Monday, the fire chief said.",
        "status": "withheld",
        "embargo_until": "2026-05-01T13:00:00Z",
    }
    assert run(memory, document([post]), pipeline=pipeline).entries == []

    draft = memory.draft()
    (entry,) = pipeline.release(draft, NOON + timedelta(hours=1)).entries

    assert [(place.name, place.country) for place in entry.places] == [("Cambridge", "US")]


def test_an_enrichment_changes_no_content_hash() -> None:
    """What is added says nothing of whether a post said something new."""
    memory, body = Memory(), "At least 12 people were killed in Hamburg, Angela Merkel said."

    (entry,) = run(memory, document([{"id": "p1", "body_text": body, "language": "en"}])).entries
    again = run(memory, document([{"id": "p1", "body_text": body, "language": "en", "urgency": None}], 1))

    assert entry.figures
    assert entry.entities
    assert (again.entries, again.unchanged) == ([], 1)
