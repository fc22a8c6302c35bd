"""Liveline as a library: documents to posts, and documents to revisions, without Kafka and without a clock of its own.

    from streams.offline import parse, process

The documents' own times are the clock, and one memory serves all coverages, so the same documents give the same
revisions; only `processed_at` is when it was done.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from schemas.dead_letter import DeadLetter, Stage
from schemas.document import Document
from schemas.newsroom import Coverage, Newsroom, Source
from streams import parse as room
from streams.dedupe import Draft, Memory, Thresholds
from streams.dedupe.reason import Reason
from streams.enrich import Enricher
from streams.parse import Limits, Parsed, PieceMemory
from streams.pipeline import Outcome, Pipeline
from streams.time_limit import TimeLimit, Unlimited

_SWEEP: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rules:
    """By what documents are read; what live says is said again by the live ones."""

    newsroom: Newsroom = field(default_factory=Newsroom)
    """What is known of sources and coverages; no source needs to be in it."""
    timezone: str = "UTC"
    """Of clocks without a zone, in documents of sources that the newsroom does not know."""
    limits: Limits = field(default_factory=Limits)
    thresholds: Thresholds = field(default_factory=Thresholds)
    time_limit: TimeLimit = Unlimited
    enrichers: tuple[Enricher, ...] | None = None
    """None: those of this Liveline."""

    def source(self, document: Document) -> Source:
        """Return what is known of a document's source."""
        # Ids of files are anyone's: they need not have the form that a configured one has.
        return self.newsroom.source(document.source_id) or Source.model_construct(
            id=document.source_id, timezone=self.timezone
        )


@dataclass(frozen=True, slots=True)
class Processed:
    """What one document led to."""

    document: Document
    outcome: Outcome
    """Revisions, dead letters and bugs."""
    reasons: Sequence[Reason] = ()
    """Why its posts were decided as they were, when asked for."""
    raised: Exception | None = None
    """What the pipeline's own guard did not catch; the document is a dead letter of the outcome."""


def parse(document: Document, rules: Rules | None = None) -> Parsed:
    """Return a document's posts, and the parts that can't be read; raises `ParseError` when none of it can be."""
    rules = rules or Rules()
    return rules.time_limit().run(lambda: room.parse(document, rules.source(document), rules.limits))


def process(documents: Iterable[Document], rules: Rules | None = None, *, explain: bool = False) -> Iterator[Processed]:
    """Parse, deduplicate and enrich documents in the order given; yields what each led to, before the next is read.

    Whatever a document does, it is yielded, and the others go on.
    """
    run = _Run(rules or Rules(), explain=explain)
    for document in documents:
        try:
            outcome = run.step(document)
        except Exception as error:  # noqa: BLE001  (the other documents are still to be processed)
            yield Processed(document, Outcome(letters=[failed(document, error)]), raised=error)
        else:
            yield Processed(document, outcome, run.reasons)


def failed(document: Document, error: Exception) -> DeadLetter:
    """Return the letter of a document that met an exception outside the pipeline's own guard."""
    told = f"{type(error).__name__} in Liveline, not your input: {error}"
    return DeadLetter(document=document, stage=Stage.DEDUPLICATE, error=told, failed_at=datetime.now(UTC))


class _Run:
    """One pass over documents, in order."""

    def __init__(self, rules: Rules, *, explain: bool) -> None:
        self._rules = rules
        self._explain = explain
        self.reasons: Sequence[Reason] = ()
        self._memory = Memory(rules.thresholds)
        self._swept: datetime | None = None
        self._pieces = PieceMemory()
        self._configured = self._pipeline_of(rules.newsroom)
        self._pipelines: dict[tuple[str, str], Pipeline] = {}

    def step(self, document: Document) -> Outcome:
        """Return what a document leads to, after what an embargo held until its time."""
        pipeline = self._pipeline(document)
        draft = self._memory.draft(explain=self._explain)
        now = datetime.now(UTC)
        released = pipeline.release(draft, document.received_at)
        outcome = pipeline.run([(document, None)], draft, now)
        outcome.entries[:0] = [entry.model_copy(update={"processed_at": now}) for entry in released.entries]
        self._sweep(draft, document.received_at)
        self._memory.apply(draft)
        self.reasons = draft.reasons or ()
        return outcome

    def _sweep(self, draft: Draft, received: datetime) -> None:
        """Let quiet coverages rest now and then, as a worker does: what is decided is the same without it."""
        if self._swept is None or received >= self._swept + _SWEEP:
            self._swept = received
            draft.forget(received)

    def _pipeline(self, document: Document) -> Pipeline:
        """Return a pipeline that knows the document's source: no configuration is needed here."""
        if self._rules.newsroom.source(document.source_id) is not None:
            return self._configured
        key = (document.source_id, document.coverage_id)
        if key not in self._pipelines:
            coverage = Coverage.model_construct(id=document.coverage_id, sources=(self._rules.source(document),))
            newsroom = Newsroom.model_construct(coverages=(coverage,))
            self._pipelines[key] = self._pipeline_of(newsroom)
        return self._pipelines[key]

    def _pipeline_of(self, newsroom: Newsroom) -> Pipeline:
        rules = self._rules
        return Pipeline(newsroom, rules.limits, rules.time_limit, pieces=self._pieces, enrichers=rules.enrichers)
