"""How far a long command is, on a terminal: one line that is written over."""

import sys
import time
from datetime import datetime
from typing import Self

from schemas.envelope import rfc3339

_EVERY_SECONDS = 0.5


class Progress:
    """Shows a count, its speed and a time on stderr; nothing where that is no terminal, or where lines stand there."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty() and not sys.stdout.isatty()
        self._began = self._last = time.monotonic()
        self._any = False

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last line as it stands."""
        if self._any:
            sys.stderr.write("\n")

    def show(self, count: int, at: datetime) -> None:
        """Show where it is, now and then."""
        if not self._shown or (now := time.monotonic()) < self._last + _EVERY_SECONDS:
            return
        self._last, self._any = now, True
        sys.stderr.write(f"\r{count:,} records, {count / (now - self._began):,.0f} a second, at {rfc3339(at)} ")
        sys.stderr.flush()
