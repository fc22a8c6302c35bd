"""Every number that a decision of the deduplication depends on, in one place."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How alike is alike enough; measured in `docs/deduplication.md`."""

    same_time_body: float = 0.5
    """A post without an id at a displayed time we know is an edit from this likeness of the bodies (0 to 1)."""
    same_time_headline: float = 0.8
    """The same where the headlines are this alike and the bodies need only `same_headline_body`."""
    same_headline_body: float = 0.3
    """See `same_time_headline`."""
    moved_body_length: int = 40
    """A body shorter than this many letters is too common to tell that a post moved to another time."""
    missing_snapshots: int = 2
    """A complete source's post is gone once it is missing from this many snapshots in a row."""
    quiet: timedelta = timedelta(hours=48)
    """A coverage without a document for this long is forgotten."""
    retraction_kept: timedelta = timedelta(hours=24)
    """A retraction stands this long on the compacted topic before a tombstone ends it."""
    touched_every: timedelta = timedelta(hours=1)
    """How often it is written down that a coverage is still alive."""
