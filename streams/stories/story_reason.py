"""Why an entry is part of a story, in a form to show to a person."""

from dataclasses import dataclass
from enum import StrEnum


class StoryRule(StrEnum):
    """The rule that decided."""

    NEW = "new"
    """Nothing told before is alike enough."""
    JOINED = "joined"
    REPEATED = "repeated"
    """A duplicate is part of its original's story."""
    KEPT = "kept"
    """A revision stays where the entry was."""
    MOVED = "moved"
    """An edit that tells something else, and is alike to another story."""


@dataclass(frozen=True, slots=True)
class StoryReason:
    """A decision about one entry's story and its grounds."""

    rule: StoryRule
    entry_id: str
    story_id: str
    candidate: str | None = None
    """The entry that is most like it."""
    likeness: float | None = None
    words: tuple[str, ...] = ()
    """What the two share, the weightiest first."""
