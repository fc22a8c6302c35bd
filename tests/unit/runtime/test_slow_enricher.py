"""An enricher that takes too long is left out; the entry goes out without what it adds."""

import json
import signal
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from schemas import Coverage, Document, Entry
from streams.dedupe import Memory
from streams.enrich import registry
from streams.enrich.registry import Enricher, Enrichment
from streams.exceptions import OutOfTimeError
from streams.pipeline import Pipeline
from streams.runtime.processor_time import ProcessorTimeLimit

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
LIMIT = ProcessorTimeLimit(timedelta(minutes=5), timedelta(milliseconds=100))
TRIED: list[str] = []


def busy(entry: Entry, _: Coverage) -> Enrichment:
    """Spend processor time without end over a post that says so, and take no `Exception` for an answer."""
    TRIED.append(str(entry.source_post_id))
    while "slow" in (entry.body_text or ""):
        with suppress(Exception):
            sum(range(1_000))
    return Enrichment(urgency=1)


@pytest.fixture(autouse=True)
def _with_a_slow_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register it between two that are quick."""
    TRIED.clear()
    quick = Enricher("language", lambda *_: Enrichment(language="en"), None, 0)
    later = Enricher("places", lambda *_: Enrichment(places=()), None, 90)
    monkeypatch.setattr(registry, "enrichers", lambda: (quick, Enricher("urgency", busy, None, 50), later))


def document(number: int, *posts: tuple[str, str]) -> Document:
    """Return a document of posts, each its id and text."""
    return Document(
        id=f"d{number}",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=NOON,
        content_type="application/vnd.liveline.post+json",
        body=json.dumps([{"id": id_, "body_text": text} for id_, text in posts]).encode(),
    )


def test_the_entry_goes_out_without_what_a_slow_enricher_adds() -> None:
    """It is named with its setting; what the others found stays, and no document is lost."""
    outcome = Pipeline(time_limit=LIMIT).run([(document(1, ("p1", "slow")), None)], Memory().draft(), NOON)

    (entry,) = outcome.entries
    assert (outcome.letters, outcome.bugs, entry.language, entry.urgency) == ([], [], "en", None)
    (error,) = entry.enrichment_errors
    assert error.startswith("urgency: ")
    assert "LIVELINE_ENRICH_TIMEOUT" in error


def test_it_is_given_up_for_the_document_and_tried_again_on_the_next() -> None:
    """A page of many such posts does not take as many times as long."""
    documents = [document(1, ("p1", "slow"), ("p2", "slow"), ("p3", "quick")), document(2, ("p4", "quick"))]

    outcome = Pipeline(time_limit=LIMIT).run([(each, None) for each in documents], Memory().draft(), NOON)

    assert TRIED == ["p1", "p4"]
    assert [bool(entry.enrichment_errors) for entry in outcome.entries] == [True, True, True, False]
    assert outcome.entries[-1].urgency == 1


def test_what_an_embargo_held_is_bounded_as_well() -> None:
    """Its release is part of no document's step."""
    memory = Memory()
    draft = memory.draft()
    held = document(1)
    post = {"id": "p1", "body_text": "slow", "status": "withheld", "embargo_until": "2024-05-01T12:05:00Z"}
    pipeline = Pipeline(time_limit=LIMIT)
    pipeline.run([(held.model_copy(update={"body": json.dumps([post]).encode()}), None)], draft, NOON)

    (entry,) = pipeline.release(draft, NOON + timedelta(minutes=6)).entries

    assert entry.enrichment_errors


def test_the_document_s_own_bound_holds_over_all_parts() -> None:
    """A part can't spend more than the document has."""
    budget = ProcessorTimeLimit(timedelta(milliseconds=100), timedelta(minutes=5))()

    def forever() -> None:
        while True:
            sum(range(1_000))

    with pytest.raises(OutOfTimeError, match="LIVELINE_PARSE_TIMEOUT"):
        budget.run(lambda: budget.part(forever))
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
