"""What raw records lead to, made before anything is written: revisions, memory and dead letters as records."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from faust.types import TP

from schemas.dead_letter import DeadLetter, Stage
from schemas.document import Document
from schemas.entry import CoverageId, Entry, EntryId, Origin, SourceId
from schemas.envelope import EnvelopeError, entry_headers, read_document
from streams.agents.letters import letter_record
from streams.agents.scope import ALL, Scope
from streams.dedupe import Draft
from streams.pipeline import Bug, Outcome, Pipeline
from streams.record import Record
from streams.runtime.batch import RawRecord
from streams.runtime.limits import MOST_AHEAD
from streams.telemetry.tracing import Span, Tracing, Untraced
from streams.topology import Names

_CUT_BYTES: Final = 512 * 1024
"""Of a letter whose first form was refused."""


class WorkError(Exception):
    """Something that a document led to raised outside the pipeline's own guard."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.stage = stage


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a record is not processed."""

    stage: Stage
    error: str
    bug: Bug | None = None
    cut: bool = False
    """Its letter, too, was refused whole."""


@dataclass(slots=True)
class Work:
    """What to commit for consecutive raw records, and what to count once it is."""

    draft: Draft
    outcome: Outcome = field(default_factory=Outcome)
    documents: list[tuple[Document, Origin]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    letters_cut: int = 0
    spans: dict[int, Span] = field(default_factory=dict)
    """Of the documents, by offset; ended once they are committed."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes work of raw records; `max_record_bytes` is what the partition's ledger takes."""

    pipeline: Pipeline
    names: Names
    tp: TP
    now: datetime
    max_record_bytes: int
    tracing: Tracing = field(default_factory=Untraced)
    scope: Scope = ALL

    def make(self, raw: Sequence[RawRecord], draft: Draft, refusals: Mapping[int, Refusal]) -> Work:
        """Return what the records lead to; those with a refusal, by their offset, become dead letters.

        Raises `WorkError`; the draft is of no more use then.
        """
        work = Work(draft)
        for record in raw:
            with _at(Stage.PARSE):
                if self.scope.wants(record):
                    self._read(record, refusals.get(record.offset), work)
        with _at(Stage.DEDUPLICATE):
            refused = work.outcome
            work.outcome = self.pipeline.run(work.documents, draft, self.now, by_documents=self.scope.of_the_past)
            work.outcome.letters[:0] = refused.letters
            work.outcome.bugs[:0] = refused.bugs
        traces = {offset: span.traceparent for offset, span in work.spans.items()}
        with _at(Stage.DELIVER):
            work.records += self.entry_records(work.outcome.entries, traces)
        with _at(Stage.DEDUPLICATE):
            work.records += self.tombstones(draft.ended)
            work.records += self.memory_records(draft)
        by_offset = {record.offset: record for record in raw}
        with _at(Stage.DELIVER):
            work.outcome.letters.sort(key=lambda letter: letter.origin.offset if letter.origin else 0)
            for letter in work.outcome.letters:
                self._put_letter(letter, by_offset, refusals, work)
        return work

    def entry_records(self, entries: Sequence[Entry], traces: Mapping[int, str | None]) -> Iterator[Record]:
        """Yield each revision for the topic of all and for that of the newest, in order."""
        for entry in entries:
            key, value, time = entry.entry_id.encode(), entry.to_json(), self._time_of(entry)
            headers = entry_headers(entry, traces.get(entry.origin.offset) if entry.origin else None)
            yield Record(self.names.entries, key, value, headers, time)
            yield Record(self.names.latest, key, value, headers, time)

    def tombstones(self, ended: Iterable[EntryId]) -> Iterator[Record]:
        """Yield what ends retractions that have aged on the topic of the newest revisions."""
        return (Record(self.names.latest, entry.encode(), None) for entry in ended)

    def memory_records(self, draft: Draft) -> Iterator[Record]:
        """Yield what the draft remembers."""
        for key, value in draft.records():
            yield Record(self.names.memory, key, value)

    def _read(self, record: RawRecord, refusal: Refusal | None, work: Work) -> None:
        origin = Origin.model_construct(topic=self.tp.topic, partition=self.tp.partition, offset=record.offset)
        if refusal is None:
            try:
                document = read_document(record.headers, record.value or b"", _recorded_at(record))
            except EnvelopeError as error:
                refusal = Refusal(Stage.PARSE, str(error))
            else:
                work.documents.append((document, origin))
                work.spans[record.offset] = self._span(document, record.offset)
                return
        if refusal.bug:
            work.outcome.bugs.append(refusal.bug)
        work.outcome.letters.append(
            DeadLetter(
                document=_unread(record, self.now),
                stage=refusal.stage,
                error=refusal.error,
                origin=origin,
                failed_at=self.now,
            )
        )

    def _span(self, document: Document, offset: int) -> Span:
        attributes: dict[str, str | int] = {}
        if self.tracing.on:
            attributes = {
                "liveline.source": document.source_id, "liveline.document": document.id,
                "messaging.kafka.partition": self.tp.partition, "messaging.kafka.offset": offset,
            }  # fmt: skip
        return self.tracing.start("process", document.traceparent, attributes)

    def _put_letter(
        self, letter: DeadLetter, raw: Mapping[int, RawRecord], refusals: Mapping[int, Refusal], work: Work
    ) -> None:
        record = raw[letter.origin.offset] if letter.origin else None
        cut = record is not None and (refusal := refusals.get(record.offset)) is not None and refusal.cut
        most = min(self.max_record_bytes, _CUT_BYTES) if cut else self.max_record_bytes
        written = letter_record(self.names.dead_letters, letter, record, self.now, most)
        work.letters_cut += len(written.value or b"") < len(letter.document.body)
        work.records.append(written)

    def _time_of(self, entry: Entry) -> int:
        """Return Kafka's time of a revision: its document's, within what Kafka takes."""
        time = min(entry.received_at, self.now + MOST_AHEAD)
        return max(0, int(time.timestamp() * 1000))


def _unread(record: RawRecord, now: datetime) -> Document:
    """Return a record as the document of its letter: its headers, as they came, stand beside it."""
    return Document.model_construct(
        id="unread",
        source_id=SourceId("unread"),
        coverage_id=CoverageId(""),
        received_at=now,
        content_type="application/octet-stream",
        body=record.value or b"",
    )


def _recorded_at(record: RawRecord) -> datetime:
    try:
        time = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise EnvelopeError(f"the record's time is {record.timestamp} ms, which is no date") from error
    if record.timestamp < 0:
        raise EnvelopeError(f"the record's time is {record.timestamp} ms; expected a time since 1970")
    return time


@contextlib.contextmanager
def _at(stage: Stage) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise WorkError(stage) from error
