"""Every number that a decision about a story depends on; measured in `docs/enrichment.md`."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class StoryThresholds:
    """How alike is alike enough, 0 to 1."""

    joins: float = 0.27
    """An entry is of the story of the nearest one from here on."""
    fits: float = 0.14
    """And it is so alike to the story's first entry."""
    stays: float = 0.2
    """An edit is about the same as long as it is so alike to what the entry said before."""
    half_life: timedelta = timedelta(hours=72)
    """In this time between two entries half of their likeness is lost."""
