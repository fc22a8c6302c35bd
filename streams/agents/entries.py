"""The agent "entries": one partition's documents in, revisions, memory and dead letters out, all or nothing.

No document stops it: what raises is narrowed down to the document that makes it raise, which becomes a dead letter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from faust.types import TP

from schemas.dead_letter import Stage
from schemas.entry import EntryId, Origin
from streams.agents.freshness import Freshness
from streams.agents.scope import ALL, Scope
from streams.agents.work import Maker, Refusal, Work, WorkError
from streams.dedupe import Draft, Memory
from streams.pipeline import Bug, Pipeline
from streams.runtime.batch import Batch, RawRecord
from streams.runtime.breaker import Breaker, TooManyBugsError
from streams.runtime.clock import Clock, system_clock
from streams.runtime.ledger.ledger import Ledger, LedgerError, RecordRefusedError
from streams.runtime.limits import TransactionLimits
from streams.runtime.metrics import WorkerMetrics
from streams.runtime.partition.owned import OwnedPartition
from streams.runtime.partition.ownership import Ownership
from streams.telemetry.tracing import Tracing, Untraced
from streams.topology import Names

log = structlog.get_logger(__name__)

_LOGGED_CHARS: Final = 500
"""Of an error: it quotes what was wrong; the letter has it all."""
_SWEEP: Final = timedelta(minutes=10)
_AGAIN: Final = timedelta(minutes=10)
"""After an embargo whose end could not be published, until it is tried again."""


@dataclass
class EntriesAgent:
    """Drives the pipeline over batches and hands what comes out to the partition's ledger."""

    pipeline: Pipeline
    names: Names
    ownership: Ownership[Memory]
    metrics: WorkerMetrics
    stop_worker: Callable[[Exception], None]
    clock: Clock = system_clock
    limits: TransactionLimits = field(default_factory=TransactionLimits)
    tracing: Tracing = field(default_factory=Untraced)
    breaker: Breaker = field(default_factory=Breaker)
    scope: Scope = ALL
    _one_by_one: set[TP] = field(default_factory=set)
    _refusals: dict[TP, dict[int, Refusal]] = field(default_factory=dict)
    """By offset: what the ledger could not write."""
    _raised: dict[TP, int] = field(default_factory=dict)
    """The offset of a document that, alone, made the ledger raise what no ledger should."""
    _document_time: dict[TP, datetime] = field(default_factory=dict)
    _swept: dict[TP, datetime] = field(default_factory=dict)
    _release_again: dict[TP, datetime] = field(default_factory=dict)
    _freshness: Freshness = field(init=False)

    def __post_init__(self) -> None:
        """Watch the sources of the newsroom."""
        self._freshness = Freshness(self.metrics, self.pipeline.newsroom)

    def take(self, pipeline: Pipeline) -> None:
        """Go on by another pipeline: what is decided of a document, and committed, is wholly by one."""
        self.pipeline = pipeline
        self._freshness.watch(pipeline.newsroom)

    async def process(self, batch: Batch) -> None:
        """Commit a batch in one or more transactions, or leave it to the partition's next start."""
        owned = self.ownership.partitions.get(batch.tp)
        if owned is None or self.breaker.tripped:  # revoked while the batch was on its way, or the worker stops
            return
        self._freshness.arrived(batch)
        async with owned.turn(batch) as ledger:
            if ledger is None:
                return
            most = 1 if batch.tp in self._one_by_one else self.limits.records
            for records in batch.split(most, self.limits.bytes):
                # A seek of a former epoch may have gone further back than what is committed by now.
                fresh = [record for record in records if self._is_due(owned, record)]
                if fresh:
                    await self._settle(owned, batch, ledger, fresh)
            self._one_by_one.discard(batch.tp)
            self._freshness.finished(batch.tp)

    async def tick(self) -> None:
        """Publish what embargoes held until now, and forget coverages that have been quiet."""
        self._freshness.tick(self.ownership.partitions, self.clock())
        for owned in list(self.ownership.partitions.values()):
            if owned.idle and not self.breaker.tripped and self.scope.clock_counts():
                if self.scope.of_the_past and await owned.unread() != 0:
                    continue
                async with owned.turn(None) as ledger:
                    if ledger is not None:
                        await self._let_time_pass(owned, ledger)

    # -- documents

    def _is_due(self, owned: OwnedPartition[Memory], record: RawRecord) -> bool:
        return record.offset >= owned.position and self.scope.before_its_end(owned.tp.partition, record.offset)

    async def _settle(
        self, owned: OwnedPartition[Memory], batch: Batch, ledger: Ledger, raw: Sequence[RawRecord]
    ) -> None:
        """Commit records in one transaction; when they raise, in halves, until the one that does so is alone."""
        if not owned.still(batch) or self.breaker.tripped:
            return
        try:
            work = self._work(owned, ledger, raw)
        except WorkError as error:
            if len(raw) > 1:
                self.metrics.narrowed.inc()
                middle = len(raw) // 2
                await self._settle(owned, batch, ledger, raw[:middle])
                await self._settle(owned, batch, ledger, raw[middle:])
                return
            work = self._without(owned, ledger, raw[0], error)
        await self._commit(owned, ledger, work, raw)

    def _work(self, owned: OwnedPartition[Memory], ledger: Ledger, raw: Sequence[RawRecord]) -> Work:
        with self.metrics.pipeline_seconds.time():
            maker = self._maker(owned, ledger)
            return maker.make(raw, owned.memory.draft(), self._refusals.get(owned.tp, {}))

    def _without(self, owned: OwnedPartition[Memory], ledger: Ledger, record: RawRecord, error: WorkError) -> Work:
        """Return the work of a record that raised, alone: its dead letter, unless it doesn't raise again."""
        try:  # what was only in its way, such as memory that ran out, may be gone
            return self._work(owned, ledger, [record])
        except WorkError:
            refusal = self._refusal(owned.tp, record, error.stage, error.__cause__ or error)
            return self._maker(owned, ledger).make([record], owned.memory.draft(), {record.offset: refusal})

    def _maker(self, owned: OwnedPartition[Memory], ledger: Ledger) -> Maker:
        return Maker(
            self.pipeline, self.names, owned.tp, self.clock(), ledger.max_record_bytes, self.tracing, self.scope
        )

    async def _commit(
        self, owned: OwnedPartition[Memory], ledger: Ledger, work: Work, raw: Sequence[RawRecord]
    ) -> None:
        offset = raw[-1].offset + 1
        try:
            with self.metrics.transaction_seconds.labels(agent="entries").time():
                await ledger.commit(work.records, offset)
        except Exception as error:
            if isinstance(error, RecordRefusedError) or not isinstance(error, LedgerError):
                self._single_out(owned.tp, raw, error)
            raise
        owned.memory.apply(work.draft)
        owned.committed(offset)
        self._forget_refusals(owned.tp, offset)
        if work.documents:
            self._document_time[owned.tp] = max(document.received_at for document, _ in work.documents)
        self._count(work, len(raw))
        self._freshness.committed((document for document, _ in work.documents), work.outcome.entries, self.clock())
        self._watch(work)
        self._end_spans(work)

    # -- time

    async def _let_time_pass(self, owned: OwnedPartition[Memory], ledger: Ledger) -> None:
        now, tp = self.clock(), owned.tp
        draft = owned.memory.draft()
        maker = self._maker(owned, ledger)
        try:
            released = [] if now < self._release_again.get(tp, now) else self.pipeline.release(draft, now).entries
            entries = list(maker.entry_records(released, {}))
            list(maker.memory_records(draft))
        except Exception as error:  # noqa: BLE001  (a post that can't be published stops no partition)
            self._postpone_release(tp, now, error)
            draft, released, entries = owned.memory.draft(), [], []
        aged = self._sweep(tp, draft, now)
        records = [*entries, *maker.tombstones((*aged, *draft.ended)), *maker.memory_records(draft)]
        if not records:  # nothing to write down, but what was decoded of quiet coverages goes back to its records
            owned.memory.apply(draft)
            return
        try:
            await ledger.commit(records, owned.position)
        except Exception as error:
            if released and (isinstance(error, RecordRefusedError) or not isinstance(error, LedgerError)):
                self._postpone_release(tp, now, error)
            raise
        owned.memory.apply(draft)
        owned.committed(owned.position)
        work = Work(draft)
        work.outcome.entries.extend(released)
        self._count(work, 0)

    def _postpone_release(self, tp: TP, now: datetime, error: Exception) -> None:
        self._release_again[tp] = now + _AGAIN
        self.metrics.bugs.labels(stage=Stage.DELIVER).inc()
        log.error("embargo.release_failed", partition=tp.partition, again_at=now + _AGAIN, exc_info=error)

    def _sweep(self, tp: TP, draft: Draft, now: datetime) -> Sequence[EntryId]:
        """Forget what has been quiet, by the documents' time: a replay of last year forgets nothing too early."""
        newest = self._document_time.get(tp)
        if newest is None or newest < self._swept.setdefault(tp, newest) + _SWEEP:
            return ()
        self._swept[tp] = newest
        return draft.forget(min(newest, now)).entries

    # -- what goes wrong

    def _single_out(self, tp: TP, raw: Sequence[RawRecord], error: Exception) -> None:
        """Find the document that can't be written: alone at the next start, then into dead letters by itself."""
        if len(raw) > 1:
            self._one_by_one.add(tp)
            return
        refusals, offset = self._refusals.setdefault(tp, {}), raw[0].offset
        if isinstance(error, RecordRefusedError):
            reason = f"what it leads to is refused by the broker: {error}"
            # The second time it is its letter that is refused.
            refusals[offset] = Refusal(Stage.DELIVER, reason, cut=offset in refusals)
        elif self._raised.get(tp) == offset:
            refusals[offset] = self._refusal(tp, raw[0], Stage.DELIVER, error)
        else:  # once may be chance: the client's state after a lost connection
            self._raised[tp] = offset

    def _refusal(self, tp: TP, record: RawRecord, stage: Stage, error: BaseException) -> Refusal:
        origin = Origin.model_construct(topic=tp.topic, partition=tp.partition, offset=record.offset)
        bug = Bug.of(_header(record, "ce_source"), _header(record, "ce_id"), origin, stage, error)
        return Refusal(stage, bug.summary, bug)

    def _forget_refusals(self, tp: TP, offset: int) -> None:
        if refusals := self._refusals.get(tp):
            self._refusals[tp] = {place: refusal for place, refusal in refusals.items() if place >= offset}

    def _watch(self, work: Work) -> None:
        for bug in work.outcome.bugs:
            log.error(
                "document.failed",
                source=bug.source_id,
                stage=bug.stage,
                traceback_id=bug.traceback_id,
                trace=bug.traceback,
            )
            self.metrics.bugs.labels(stage=bug.stage).inc()
        failed = {bug.origin.offset for bug in work.outcome.bugs if bug.origin}
        came = [(str(document.source_id), origin.offset in failed) for document, origin in work.documents]
        read = {origin.offset for _, origin in work.documents}
        came += [(bug.source_id, True) for bug in work.outcome.bugs if bug.origin and bug.origin.offset not in read]
        try:
            self.breaker.observe(came, self.clock())
        except TooManyBugsError as error:
            self.stop_worker(error)

    def _end_spans(self, work: Work) -> None:
        failed = {letter.origin.offset: letter.error for letter in work.outcome.letters if letter.origin}
        for offset, span in work.spans.items():
            span.end(failed.get(offset))

    def _count(self, work: Work, documents: int) -> None:
        metrics, outcome = self.metrics, work.outcome
        metrics.documents.inc(documents)
        if documents:
            metrics.batch_documents.observe(documents)
        metrics.unchanged.inc(outcome.unchanged)
        metrics.forgotten.inc(outcome.forgotten)
        metrics.repeated.inc(outcome.repeated)
        metrics.letters_cut.inc(work.letters_cut)
        for entry in outcome.entries:
            metrics.revisions.labels(change=entry.change).inc()
            for error in entry.enrichment_errors:
                metrics.enrichment_errors.labels(enricher=error.partition(":")[0]).inc()
        for letter in outcome.letters:
            document, origin = letter.document, letter.origin
            metrics.count_letter(document.source_id, letter.stage)
            log.warning(
                "dead_letter.written",
                stage=letter.stage,
                source=document.source_id,
                coverage=document.coverage_id,
                document=document.id,
                part=letter.part,
                error=letter.error[:_LOGGED_CHARS],
                origin=f"{origin.topic}/{origin.partition}/{origin.offset}" if origin else None,
            )


def _header(record: RawRecord, name: str) -> str:
    return next((value or b"" for header, value in record.headers if header == name), b"").decode(errors="replace")
