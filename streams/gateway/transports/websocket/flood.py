"""How many frames a client may send: a burst, then a rate."""

from typing import Final

_BURST_FRAMES: Final = 500
_FRAMES_A_SECOND: Final = 100.0


class Flood:
    """A bucket that each frame takes from and time fills again."""

    __slots__ = ("_at", "_left")

    def __init__(self, now: float) -> None:
        self._at = now
        self._left = float(_BURST_FRAMES)

    def takes(self, now: float) -> bool:
        """Count a frame; returns False if it was one too many."""
        self._left = min(_BURST_FRAMES, self._left + (now - self._at) * _FRAMES_A_SECOND) - 1
        self._at = now
        return self._left >= 0
