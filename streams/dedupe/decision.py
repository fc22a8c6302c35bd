"""A decision of the deduplication: one revision to publish."""

from dataclasses import dataclass
from datetime import datetime

from schemas.entry import Change, CoverageId, EntryId, SourceId, SourceReport
from schemas.post import Post, Status
from streams.dedupe.memory.remembered import UNHASHED, Remembered, State
from streams.dedupe.notation.instant import as_time, moment
from streams.dedupe.reason import Reason
from streams.dedupe.revision.correction import is_correction


@dataclass(frozen=True, slots=True)
class Decision:
    """A revision of an entry, before enrichment."""

    entry_id: EntryId
    revision: int
    change: Change
    status: Status
    coverage_id: CoverageId
    source_id: SourceId
    received_at: datetime
    """When the document that led to it was received."""
    post: Post
    """The content to publish; a retraction has no content."""
    content_hash: str | None
    changed_fields: tuple[str, ...] = ()
    first_published_at: datetime | None = None
    duplicate_of: EntryId | None = None
    sources: tuple[SourceReport, ...] = ()
    is_correction: bool = False
    reason: Reason | None = None
    """Why; not published."""


def published(
    known: Remembered,
    post: Post,
    coverage_id: str,
    change: Change,
    received: int,
    fields: tuple[str, ...],
    reason: Reason,
) -> Decision:
    """Return the decision to publish an entry's state with the content of a post."""
    return Decision(
        entry_id=EntryId(known.entry_id),
        revision=known.revision,
        change=change,
        status=Status.USABLE if known.state is State.USABLE else post.status,
        coverage_id=CoverageId(coverage_id),
        source_id=SourceId(known.source_id),
        received_at=as_time(received),
        post=post,
        content_hash=None if known.hash == UNHASHED else known.hash,
        changed_fields=fields,
        first_published_at=moment(known.first_published),
        duplicate_of=EntryId(known.duplicate_of) if known.duplicate_of else None,
        sources=tuple(
            SourceReport(
                source_id=SourceId(report.source_id),
                entry_id=EntryId(report.entry_id),
                url=report.url,
                published_at=moment(report.published),
                similarity=report.similarity,
            )
            for report in known.reports
        ),
        is_correction=change is not Change.RETRACTED and is_correction(post),
        reason=reason,
    )
