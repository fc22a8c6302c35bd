"""A document that takes too much processor time is given up, wherever it spends it."""

import signal
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from schemas import Document
from schemas.dead_letter import Stage
from streams.dedupe import Memory
from streams.dedupe.step import Step
from streams.exceptions import OutOfTimeError
from streams.parse import Parsed, registry
from streams.parse.payload.payload import Payload
from streams.pipeline import Pipeline
from streams.runtime.processor_time import ProcessorTimeLimit

SHORT = ProcessorTimeLimit(timedelta(milliseconds=100))
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
POST = b'{"id": "p1", "headline": "Fire at Marrow Quay", "body_html": "<p>A hall burns.</p>"}'


def busy() -> None:
    """Spend processor time without end, and take no `Exception` for an answer."""
    while True:
        with suppress(Exception):
            sum(range(1_000))


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register a parser that never ends."""

    def read(_: Payload) -> Parsed:
        busy()
        raise AssertionError

    registry.format_names()
    one = replace(registry._PARSERS["post"], name="slow", read=read)
    monkeypatch.setitem(registry._PARSERS, "slow", one)


def document(number: int, fmt: str = "post") -> Document:
    """Return a document of that format."""
    return Document(
        id=f"d{number}",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=NOON,
        content_type="application/json",
        body=POST,
        format=fmt,
    )


@pytest.mark.usefixtures("slow")
def test_a_parser_that_never_ends_makes_a_dead_letter_and_the_next_document_is_read() -> None:
    """The letter names the stage and the setting; it is nobody's bug."""
    pipeline = Pipeline(time_limit=SHORT)

    outcome = pipeline.run(((document(n, f), None) for n, f in ((1, "slow"), (2, "post"))), Memory().draft(), NOON)

    (letter,) = outcome.letters
    assert (letter.document.id, letter.stage, outcome.bugs) == ("d1", Stage.PARSE, [])
    assert "LIVELINE_PARSE_TIMEOUT" in letter.error
    assert [entry.source_post_id for entry in outcome.entries] == ["p1"]


def test_a_decision_that_never_ends_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the document is remembered: sent again, its post is new."""
    memory = Memory()
    Pipeline().warm_up()
    with monkeypatch.context() as patched:
        patched.setattr(Step, "decide", lambda *_, **__: busy())
        draft = memory.draft()
        outcome = Pipeline(time_limit=SHORT).run([(document(1), None)], draft, NOON)
        memory.apply(draft)

    assert [letter.stage for letter in outcome.letters] == [Stage.DEDUPLICATE]
    assert outcome.entries == []

    again = Pipeline(time_limit=SHORT).run([(document(2), None)], memory.draft(), NOON)
    assert [(entry.revision, entry.change) for entry in again.entries] == [(1, "created")]


def test_all_steps_share_one_budget() -> None:
    """What the first step spent, the second one does not have."""
    budget = SHORT()

    with pytest.raises(OutOfTimeError):
        budget.run(busy)
    with pytest.raises(OutOfTimeError, match="processor time"):
        budget.run(busy)


def test_waiting_and_what_other_threads_do_cost_nothing() -> None:
    """Only the processor time of the thread that works is counted."""
    stop = threading.Event()

    def spin() -> None:
        while not stop.is_set():
            sum(range(1_000))

    other = threading.Thread(target=spin)
    other.start()
    try:
        assert SHORT().run(lambda: time.sleep(0.5)) is None
    finally:
        stop.set()
        other.join()


def test_no_timer_is_left_behind() -> None:
    """After a step, whatever came of it, no signal is on its way."""
    assert SHORT().run(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        SHORT().run(lambda: 1 / 0)
    with pytest.raises(OutOfTimeError):
        SHORT().run(busy)

    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_another_thread_is_not_limited() -> None:
    """Python calls no signal handler there: the work is done, without a limit."""
    seen: list[tuple[float, float]] = []
    other = threading.Thread(target=lambda: SHORT().run(lambda: seen.append(signal.getitimer(signal.ITIMER_PROF))))

    other.start()
    other.join()

    assert seen == [(0.0, 0.0)]
