"""The pipeline driven by documents alone: their times are its clock, one memory for all coverages."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from schemas.document import Document
from schemas.newsroom import Coverage, Newsroom, Source
from streams.dedupe import Draft, Memory
from streams.pipeline import Outcome, Pipeline
from streams.time_limit import TimeLimit, Unlimited

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.dedupe.reason import Reason

_SWEEP: Final = timedelta(minutes=10)


class Run:
    """One pass over documents, in order."""

    def __init__(self, timezone: str = "UTC", *, explain: bool = False, time_limit: TimeLimit = Unlimited) -> None:
        """Take the zone of clocks that don't tell theirs, whether reasons are kept, and a document's time."""
        self._time_limit = time_limit
        self._timezone = timezone
        self._explain = explain
        self.reasons: Sequence[Reason] = ()
        """Why the last document's posts were decided as they were, when asked for."""
        self._memory = Memory()
        self._swept: datetime | None = None
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
        key = (document.source_id, document.coverage_id)
        if key not in self._pipelines:
            # Ids of files are anyone's: they need not have the form that a configured one has.
            source = Source.model_construct(id=document.source_id, timezone=self._timezone)
            coverage = Coverage.model_construct(id=document.coverage_id, sources=(source,))
            self._pipelines[key] = Pipeline(
                Newsroom.model_construct(coverages=(coverage,)), time_limit=self._time_limit
            )
        return self._pipelines[key]
