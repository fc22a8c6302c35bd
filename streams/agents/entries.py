"""The agent "entries": one partition's documents in, revisions, memory and dead letters out, all or nothing."""

import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from faust.types import TP

from schemas.dead_letter import DeadLetter, Stage
from schemas.document import Document
from schemas.entry import Entry, EntryId, Origin
from schemas.envelope import EnvelopeError, entry_headers, failure_headers, read_document
from streams.dedupe import Draft
from streams.pipeline import Outcome, Pipeline
from streams.record import Record
from streams.runtime.batch import Batch, RawRecord
from streams.runtime.breaker import Breaker, TooManyBugsError
from streams.runtime.clock import Clock, system_clock
from streams.runtime.ledger import Ledger, RecordTooLargeError
from streams.runtime.metrics import WorkerMetrics
from streams.runtime.owned_partition import OwnedPartition
from streams.runtime.ownership import Ownership
from streams.topology import Names

log = structlog.get_logger(__name__)

_SWEEP: Final = timedelta(minutes=10)
_TOO_LARGE: Final = "what it leads to is larger than the broker takes in one message"


@dataclass(frozen=True, slots=True)
class TransactionLimits:
    """How much goes into one transaction."""

    records: int = 500
    bytes: int = 4 * 1024 * 1024


@dataclass(slots=True)
class _Read:
    """Raw records, as far as they are documents."""

    documents: list[tuple[Document, Origin]] = field(default_factory=list)
    refused: list[tuple[RawRecord, Stage, str]] = field(default_factory=list)


@dataclass
class EntriesAgent:
    """Drives the pipeline over batches and hands what comes out to the partition's ledger."""

    pipeline: Pipeline
    names: Names
    ownership: Ownership
    metrics: WorkerMetrics
    stop_worker: Callable[[Exception], None]
    clock: Clock = system_clock
    limits: TransactionLimits = field(default_factory=TransactionLimits)
    breaker: Breaker = field(default_factory=Breaker)
    _one_by_one: set[TP] = field(default_factory=set)
    _too_large: set[tuple[TP, int]] = field(default_factory=set)
    _document_time: dict[TP, datetime] = field(default_factory=dict)
    _swept: dict[TP, datetime] = field(default_factory=dict)

    async def run(self, stream: Any) -> AsyncIterator[Batch]:
        """Process batches as they come; nothing that goes wrong within one leaves this loop."""
        async for event in stream.events():
            await self.process(event.value)
            yield event.value  # the test context waits for it

    async def process(self, batch: Batch) -> None:
        """Commit a batch in one or more transactions, or leave it to the partition's next start."""
        owned = self.ownership.partitions.get(batch.tp)
        if owned is None:  # revoked while the batch was on its way
            return
        async with owned.turn(batch) as ledger:
            if ledger is None:
                return
            most = 1 if batch.tp in self._one_by_one else self.limits.records
            for records in batch.split(most, self.limits.bytes):
                if not owned.still(batch):
                    return
                # A seek of a former epoch may have gone further back than what is committed by now.
                if fresh := [record for record in records if record.offset >= owned.position]:
                    await self._commit(owned, ledger, fresh)
            self._one_by_one.discard(batch.tp)

    async def tick(self) -> None:
        """Publish what embargoes held until now, and forget coverages that have been quiet."""
        for owned in list(self.ownership.partitions.values()):
            if owned.idle:
                async with owned.turn(None) as ledger:
                    if ledger is not None:
                        await self._let_time_pass(owned, ledger)

    async def _commit(self, owned: OwnedPartition, ledger: Ledger, records: Sequence[RawRecord]) -> None:
        started = time.perf_counter()
        read = self._read(owned.tp, records)
        draft = owned.memory.draft()
        outcome = self.pipeline.run(read.documents, draft, self.clock())
        self.metrics.pipeline_seconds.observe(time.perf_counter() - started)
        self._watch(read, outcome)
        raw = {record.offset: record for record in records}
        traces = {origin.offset: document.traceparent for document, origin in read.documents}
        out = [
            *self._entry_records(outcome.entries, traces),
            *(self._refusal(owned.tp, *refused) for refused in read.refused),
            *(self._dead_letter(letter, raw) for letter in outcome.letters),
            *(Record(self.names.latest, entry.encode(), None) for entry in draft.ended),
            *self._memory_records(draft),
        ]
        offset = records[-1].offset + 1
        try:
            with self.metrics.transaction_seconds.time():
                await ledger.commit(out, offset)
        except RecordTooLargeError:
            self._single_out(owned.tp, records)
            raise
        owned.committed(draft, offset)
        if read.documents:
            self._document_time[owned.tp] = max(document.received_at for document, _ in read.documents)
        self._count(outcome, read, len(records))

    async def _let_time_pass(self, owned: OwnedPartition, ledger: Ledger) -> None:
        now = self.clock()
        draft = owned.memory.draft()
        outcome = self.pipeline.release(draft, now)
        aged = self._sweep(owned.tp, draft, now)
        tombstones = [Record(self.names.latest, entry.encode(), None) for entry in (*aged, *draft.ended)]
        out = [*self._entry_records(outcome.entries, {}), *tombstones, *self._memory_records(draft)]
        if out:
            await ledger.commit(out, owned.position)
            owned.committed(draft, owned.position)
            self._count(outcome, _Read(), 0)
        else:  # nothing to write down, but what was decoded of quiet coverages goes back to its records
            owned.memory.apply(draft)

    def _sweep(self, tp: TP, draft: Draft, now: datetime) -> Sequence[EntryId]:
        """Forget what has been quiet, by the documents' time: a replay of last year forgets nothing too early."""
        newest = self._document_time.get(tp)
        if newest is None or newest < self._swept.setdefault(tp, newest) + _SWEEP:
            return ()
        self._swept[tp] = newest
        return draft.forget(min(newest, now)).entries

    # -- in

    def _read(self, tp: TP, records: Sequence[RawRecord]) -> _Read:
        read = _Read()
        for record in records:
            if (tp, record.offset) in self._too_large:
                read.refused.append((record, Stage.DELIVER, _TOO_LARGE))
                continue
            try:
                document = read_document(
                    record.headers, record.value or b"", datetime.fromtimestamp(record.timestamp / 1000, UTC)
                )
            except EnvelopeError as error:
                read.refused.append((record, Stage.PARSE, str(error)))
            else:
                origin = Origin.model_construct(topic=tp.topic, partition=tp.partition, offset=record.offset)
                read.documents.append((document, origin))
        return read

    # -- out

    def _entry_records(self, entries: Sequence[Entry], traces: dict[int, str | None]) -> Iterator[Record]:
        for entry in entries:
            key, value = entry.entry_id.encode(), entry.to_json()
            headers = entry_headers(entry, traces.get(entry.origin.offset) if entry.origin else None)
            yield Record(self.names.entries, key, value, headers)
            yield Record(self.names.latest, key, value, headers)

    def _memory_records(self, draft: Draft) -> Iterator[Record]:
        for key, value in draft.records():
            yield Record(self.names.memory, key, value)

    def _refusal(self, tp: TP, record: RawRecord, stage: Stage, error: str) -> Record:
        origin = Origin.model_construct(topic=tp.topic, partition=tp.partition, offset=record.offset)
        headers = (*record.headers, *failure_headers(stage, error, origin))
        return Record(self.names.dead_letters, record.key or b"", record.value or b"", headers)

    def _dead_letter(self, letter: DeadLetter, raw: dict[int, RawRecord]) -> Record:
        headers = failure_headers(letter.stage, letter.error, letter.origin, letter.part)
        if letter.origin is not None:  # the headers as they came, also those that Liveline does not know
            headers = (*raw[letter.origin.offset].headers, *headers)
        return Record(self.names.dead_letters, letter.document.coverage_id.encode(), letter.document.body, headers)

    # -- what goes wrong

    def _watch(self, read: _Read, outcome: Outcome) -> None:
        for bug in outcome.bugs:
            log.error("bug", source=bug.source_id, stage=bug.stage, traceback_id=bug.traceback_id, trace=bug.traceback)
            self.metrics.bugs.labels(stage=bug.stage).inc()
        failed = {bug.origin.offset for bug in outcome.bugs if bug.origin}
        try:
            self.breaker.observe((document.source_id, origin.offset in failed) for document, origin in read.documents)
        except TooManyBugsError as error:
            self.stop_worker(error)
            raise

    def _single_out(self, tp: TP, records: Sequence[RawRecord]) -> None:
        """Find the one document that is too large: alone at the next start, then into dead letters by itself."""
        if len(records) == 1:
            self._too_large.add((tp, records[0].offset))
        else:
            self._one_by_one.add(tp)

    def _count(self, outcome: Outcome, read: _Read, documents: int) -> None:
        metrics = self.metrics
        metrics.documents.inc(documents)
        if documents:
            metrics.batch_documents.observe(documents)
        metrics.unchanged.inc(outcome.unchanged)
        metrics.forgotten.inc(outcome.forgotten)
        metrics.repeated.inc(outcome.repeated)
        for entry in outcome.entries:
            metrics.revisions.labels(change=entry.change).inc()
            for error in entry.enrichment_errors:
                metrics.enrichment_errors.labels(enricher=error.partition(":")[0]).inc()
        for letter in outcome.letters:
            metrics.dead_letters.labels(stage=letter.stage).inc()
        for _, stage, _ in read.refused:
            metrics.dead_letters.labels(stage=stage).inc()
