"""Why a decision fell as it did, in a form that a person can be shown."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What decided."""

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
    """Not known, but not newer than what its coverage has forgotten: it may have been published."""
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
    """What was decided about one post, and on what ground."""

    rule: Rule
    entry_id: str
    identity: str = ""
    """The rule of identity that told which post it is."""
    candidate: str | None = None
    """The entry it was compared with."""
    similarity: float | None = None
    veto: str | None = None
    """The fact that contradicts, such as `number: 3 / 5`."""
