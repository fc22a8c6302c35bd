"""Takes SIGINT as a request to stop after the work at hand; a second SIGINT ends at once."""

import signal
from types import FrameType

INTERRUPTED = 130


class Interrupt:
    """Says whether somebody asked to stop."""

    def __init__(self) -> None:
        self.asked = False

    def listen(self) -> None:
        """From now on, note SIGINT instead of raising `KeyboardInterrupt`."""
        signal.signal(signal.SIGINT, self._note)

    def __call__(self) -> bool:
        """Return whether SIGINT has come."""
        return self.asked

    def _note(self, _: int, __: FrameType | None) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
