"""Which entry a post is, whether it says something new, and what is remembered of it; pure."""

from streams.dedupe.decision import Decision
from streams.dedupe.draft import Draft, Forgotten
from streams.dedupe.memory.memory import Memory
from streams.dedupe.reason import Reason, Rule
from streams.dedupe.thresholds import Thresholds

__all__ = ["Decision", "Draft", "Forgotten", "Memory", "Reason", "Rule", "Thresholds"]
