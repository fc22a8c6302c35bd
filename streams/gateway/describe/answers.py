"""What routes answer with, beside the public models: lists, summaries, and problems."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from schemas.alert import Alert
from schemas.entry import CoverageId, Entry, SourceId
from schemas.model import Model, UtcTime, absent
from schemas.mute import AcknowledgementRecord, MuteRecord
from streams.archive.state import SinkStatus
from streams.gateway.http.paging import CURSOR_PATTERN


class CoverageSummary(Model):
    """A coverage, and what is held of it."""

    id: CoverageId
    title: str | None = absent("As `liveline.yaml` has it.")
    sources: tuple[SourceId, ...] | None = absent("Of a coverage in `liveline.yaml`.")
    closed: bool = absent("It is over.", default=False)
    entries: int = Field(ge=0, description="How many there are, retracted ones included.")
    changed_at: datetime | None = absent("The time of its newest revision.")


class SourceSummary(Model):
    """A source with its freshness."""

    id: SourceId
    coverage: CoverageId
    format: str | None = absent("The parser's name, or `auto`.")
    url: str | None = absent("Of a source that is polled.")
    every: str | None = absent("Between two polls.")
    entries: int = Field(ge=0, description="How many of its entries are held.")
    received_at: datetime | None = absent("When the document of its newest revision came.")


class _Paged(Model):
    next: str | None = absent("The `cursor` of the next page; absent on the last.", pattern=CURSOR_PATTERN)


class CoverageList(_Paged):
    """A page of coverages, in the order of `liveline.yaml`."""

    coverages: tuple[CoverageSummary, ...]


class EntryList(_Paged):
    """A page of entries, newest first."""

    entries: tuple[Entry, ...]


class RevisionList(_Paged):
    """A page of an entry's revisions, newest first."""

    revisions: tuple[Entry, ...]


class SourceList(_Paged):
    """A page of sources."""

    sources: tuple[SourceSummary, ...]


class DeadLetterSummary(Model):
    """A document, or a part of it, that could not be processed."""

    id: str = Field(description="Its partition and offset, such as `0-17`.")
    stage: str | None = absent("Where it failed: parse, deduplicate, enrich or deliver.")
    source: str | None = absent("The source's id.")
    coverage: str | None = absent("The coverage's id.")
    error: str | None = absent("What was found and what was expected.")
    part: str | None = absent("The place of the bad post in its document.")
    document_at: UtcTime | None = absent("When the document was received.")
    failed_at: UtcTime
    state: Literal["waiting", "retried", "discarded"]
    retry_of: str | None = absent("The letter that failed first, of which this is another try.")
    tries: int = Field(ge=0, description="How often it was given back.")
    bytes: int = Field(ge=0)


class DeadLetterList(Model):
    """A page of dead letters."""

    next: str | None = absent("The `cursor` of the next page; absent on the last.")
    dead_letters: tuple[DeadLetterSummary, ...]


class AlertList(_Paged):
    """A page of alerts, each in its newest revision, newest first."""

    alerts: tuple[Alert, ...]
    acknowledgements: dict[str, AcknowledgementRecord] | None = absent("Of those among them that somebody saw to.")


class SinkOutcome(Model):
    """What became of an alert's revision at a sink."""

    sink: str
    revision: int = Field(ge=1)
    status: SinkStatus
    at: datetime
    error: str | None = absent("Why it failed.")


class AlertHistory(Model):
    """An alert, all it did, and what became of it."""

    alert: Alert = Field(description="Its newest revision.")
    revisions: tuple[Alert, ...] = Field(description="Newest first.")
    acknowledgement: AcknowledgementRecord | None = absent("Who saw to it.")
    deliveries: tuple[SinkOutcome, ...] = absent("Where it was sent.", default=())


class MuteList(_Paged):
    """What is muted now, the one that ends first at the front."""

    mutes: tuple[MuteRecord, ...]


class Accepted(Model):
    """A pushed document that Kafka has."""

    id: str = Field(description="The document's; the same for the same `Idempotency-Key`.")
    coverage: CoverageId
    partition: int = Field(ge=0)
    offset: int = Field(ge=0)


class Health(Model):
    """The process answers."""

    status: Literal["alive", "ready"]


class ProblemDetails(Model):
    """An error (RFC 9457)."""

    type: Literal["about:blank"]
    title: str = Field(description="The status' own phrase.")
    status: int = Field(ge=400, le=599)
    detail: str = Field(description="What is wrong, and what was expected.")


class Incomplete(Model):
    """What the cursor stands for can't be continued; the state that follows replaces what the client holds."""

    reason: str


class Live(Model):
    """All that was missed has been sent."""

    cursor: str


class End(Model):
    """The replay has reached its `to`, and the connection closes."""

    cursor: str


class Expired(Model):
    """The token has expired; the stream ends."""

    reason: str
