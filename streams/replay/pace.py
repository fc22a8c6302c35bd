"""How fast records are given out: as they were written, N times as fast, or as fast as can be."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite


class SpeedError(ValueError):
    """It is no speed; the message says what is one."""


def read_speed(text: str) -> float | None:
    """Return how many times as fast as it was; None is as fast as can be."""
    if text == "max":
        return None
    if text == "original":
        return 1.0
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not (isfinite(speed) and speed > 0):
        raise SpeedError(f"{text!r} is no speed; expected original, max or a number above 0 such as 10")
    return speed


@dataclass(slots=True)
class Pace:
    """Says how long a record has still to wait; the first one never does."""

    speed: float | None
    clock: Callable[[], float]
    """Seconds, from anywhere; never going back."""
    _began: tuple[datetime, float] | None = field(default=None, init=False)

    def wait_seconds(self, time: datetime) -> float:
        """Return how long to wait, in seconds, before a record of this time is given out."""
        if self.speed is None:
            return 0.0
        if self._began is None:
            self._began = (time, self.clock())
        first, at = self._began
        return max(0.0, at + (time - first).total_seconds() / self.speed - self.clock())
