"""What deduplication decided about a post: one revision to publish."""

from dataclasses import dataclass
from datetime import datetime

from schemas.entry import Change, CoverageId, EntryId, SourceId, SourceReport
from schemas.post import Post, Status
from streams.dedupe.reason import Reason


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
    """Of the document that led to it."""
    post: Post
    """The content to publish; of a retraction, without it."""
    content_hash: str
    changed_fields: tuple[str, ...] = ()
    first_published_at: datetime | None = None
    duplicate_of: EntryId | None = None
    sources: tuple[SourceReport, ...] = ()
    is_correction: bool = False
    reason: Reason | None = None
    """Why; not published."""
