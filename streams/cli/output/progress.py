"""How far a long command is, on a terminal: one line that is written over."""

import sys
import time
from datetime import datetime
from typing import Self

from schemas.envelope import rfc3339

_EVERY_SECONDS = 0.5


class Progress:
    """Shows a count, its rate and a time on stderr, if that is a terminal and results do not go there."""

    def __init__(self, *, lines: bool = True) -> None:
        """`lines`: results come on stdout meanwhile."""
        self._shown = sys.stderr.isatty() and not (lines and sys.stdout.isatty())
        self._began = self._last = time.monotonic()
        self._count = 0
        self._at: datetime | None = None

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Keep the last state on the screen."""
        if self._shown:
            self._write()
            sys.stderr.write("\n")

    def show(self, count: int, at: datetime | None = None) -> None:
        """Show where it is, now and then."""
        self._count, self._at = count, at
        if self._shown and (now := time.monotonic()) >= self._last + _EVERY_SECONDS:
            self._last = now
            self._write()

    def _write(self) -> None:
        speed = self._count / (time.monotonic() - self._began)
        at = f", at {rfc3339(self._at)}" if self._at else ""
        sys.stderr.write(f"\r{self._count:,} records, {speed:,.0f} a second{at} ")
        sys.stderr.flush()
