"""The reason of a decision, in a form to show to a person."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """The rule that decided."""

    NEW = "new"
    UNCHANGED = "unchanged"
    COSMETIC = "cosmetic"
    EDITED = "edited"
    READ_ANEW = "read_anew"
    """First seen by another parser or in another canonical form: its content is taken over, nothing is published."""
    STALE = "stale"
    REPEATED = "repeated"
    """The same post a second time in one document."""
    GONE = "gone"
    GONE_UNSEEN = "gone_unseen"
    """Gone when first seen: nothing was published, nothing is to be taken back."""
    FORGOTTEN = "forgotten"
    """Unknown, but not newer than what its coverage has forgotten: it may have been published before."""
    WITHHELD = "withheld"
    MISSING = "missing"
    """No longer in a complete source's snapshots."""
    EMBARGO = "embargo"
    RELEASED = "released"
    RETURNED = "returned"
    DIFFERENT = "different"
    """A candidate for the same news that isn't."""
    CORROBORATED = "corroborated"
    SPLIT = "split"
    PROMOTED = "promoted"


@dataclass(frozen=True, slots=True)
class Reason:
    """A decision about one post and its grounds."""

    rule: Rule
    entry_id: str
    identity: str = ""
    """The rule of identity that found the entry."""
    candidate: str | None = None
    """The entry it was compared with."""
    similarity: float | None = None
    veto: str | None = None
    """The fact that contradicts, such as `number: 3 / 5`."""
