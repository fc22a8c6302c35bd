"""Why an entry is part of its story, in a line for a person."""

from streams.stories import StoryReason


def explain_story(reason: StoryReason) -> str:
    """Return which story an entry is part of, and on what ground."""
    said = f"{reason.entry_id} story {reason.story_id}: {reason.rule.value}"
    if reason.candidate is None:
        return said
    said += f", nearest {reason.candidate}"
    if reason.likeness is None:
        return said
    words = f" by {', '.join(reason.words)}" if reason.words else ""
    return f"{said}, {reason.likeness:.0%} alike{words}"
