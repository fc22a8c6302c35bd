"""Clocks for tests: one that a test sets, one that runs faster."""

from datetime import UTC, datetime, timedelta


class ScaledClock:
    """Call it for the time: `start` at the instant `began`, and from then on `speed` seconds in each second.

    Processes that are given the same three share it; their clocks need only agree on the real time.
    """

    def __init__(self, start: datetime, began: datetime, speed: float) -> None:
        self._start = start
        self._began = began
        self._speed = speed

    def __call__(self) -> datetime:
        """Return the present time."""
        return self._start + (datetime.now(UTC) - self._began) * self._speed


class FakeClock:
    """Call it for the time; it stands still until it is moved."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._now = start

    def __call__(self) -> datetime:
        """Return the present time."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by
