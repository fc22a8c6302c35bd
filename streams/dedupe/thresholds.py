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
    same_time_held: float = 0.4
    """And in each case the shorter body's runs of four letters must be in the longer one to this share."""
    same_time_grown: float = 0.9
    """From this share on the longer body is the shorter one with something added, whatever its length."""
    moved_body_length: int = 28
    """A body shorter than this many letters is too common to prove that a post moved to another time."""
    missing_snapshots: int = 2
    """A complete source's post is gone once it is missing from this many snapshots in a row."""
    shortest: int = 3
    """A text with fewer meaningful words is never the same news as another."""
    short: int = 8
    """Up to this many meaningful words a text is short: more of it must be in the other one."""
    long: int = 20
    """From this many on a text is long."""
    enough_short: float = 0.85
    """How much of the shorter text the other one must hold (0 to 1, words and pairs of words)."""
    enough_middle: float = 0.75
    enough_long: float = 0.65
    enough_inside: float = 0.9
    """The same for a text up to `long` inside one of more than twice its weight."""
    body_alone: int = 10
    """Bodies with this many meaningful words may be the same under different headlines."""
    lead_alike: float = 0.47
    """Leads that share this much of their meaningful words say the same in other words (weighted Jaccard)."""
    lead_shared: int = 12
    """And they share at least this many."""
    candidates: int = 4
    """How many of the likeliest candidates are compared word by word."""
    quiet: timedelta = timedelta(hours=48)
    """A coverage without a document for this long keeps skeletons of its entries."""
    kept: timedelta = timedelta(days=90)
    """And after this long the newest published time of what it forgot."""
    late: timedelta = timedelta(hours=1)
    """Documents of one partition may be this much out of order without a sweep's making a difference."""
    retraction_kept: timedelta = timedelta(hours=24)
    """A retraction stands this long on the compacted topic before a tombstone ends it."""
    touched_every: timedelta = timedelta(minutes=1)
    """How often it is written down that a coverage is still alive."""

    def enough(self, meaningful: int, share: float) -> float:
        """Return how much of a text of that many meaningful words, `share` of the other's size, must be in it."""
        if meaningful < self.shortest:
            return 2.0
        if meaningful >= self.long:
            return self.enough_long
        inside = self.enough_inside if share < 0.5 else 0.0  # noqa: PLR2004
        return max(inside, self.enough_short if meaningful <= self.short else self.enough_middle)
