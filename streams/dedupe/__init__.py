"""Which entry a post is, whether it says something new, and what is remembered of it; pure."""

from streams.dedupe.decision import Decision
from streams.dedupe.memory import Draft, Memory

__all__ = ["Decision", "Draft", "Memory"]
