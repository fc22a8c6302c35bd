"""What a compiled part runs on, and what it may spend."""

from collections.abc import Callable
from typing import Any, Final

from streams.alerts.cel.errors import CostExceededError

Frame = list[Any]
Run = Callable[[Frame], Any]

STEPS: Final = 3
"""Where the frame holds the steps that are left."""
READING: Final = 4
"""Where the frame holds what is made once for an entry."""
CHARS_A_STEP: Final = 64


def spend(frame: Frame, steps: int) -> None:
    """Take steps from what the evaluation may do; raises `CostExceededError`."""
    frame[STEPS] -= steps
    if frame[STEPS] < 0:
        raise CostExceededError("the condition does too much work for one entry")
