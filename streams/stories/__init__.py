"""Which entries of a coverage tell one development: an entry's terms, its nearest ones, and the decision; pure."""

from streams.stories.step import find_story
from streams.stories.story_reason import StoryReason, StoryRule
from streams.stories.story_thresholds import StoryThresholds

__all__ = ["StoryReason", "StoryRule", "StoryThresholds", "find_story"]
