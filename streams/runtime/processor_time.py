"""The last line of defence: a document that takes too much processor time is given up, and becomes a dead letter.

Every parser is linear in what it reads, or refuses it; this is for the case that nobody thought of. Parsing runs in
the event loop's own thread, so that nothing else in the process can stop it but a signal. `ITIMER_PROF` sends one when
the process has spent an amount of processor time, and Python then calls the handler in the main thread between two
bytecodes, where it raises. The alternatives are worse: a counter that each parser asks guards only what asks it; a
process for each document costs more than parsing; a thread can't be stopped.

Its bounds, so that nobody counts on more:

- A C function (lexbor, lxml, nh3, a regular expression) is not interrupted, the exception waits for its return. What
  goes into them is bounded by size, and they are linear in it (`make growth`).
- Other threads spend the process's time as well, so the handler counts the main thread's own time.
- In another thread than the main one, or within another limit, nothing is limited.

It costs two system calls and two exchanges of a handler for each step of a document, 3 microseconds together. A part
of a step, such as one enricher over one entry, has a bound of its own for the price of two looks at the clock: the
timer of the step goes off every `_TICK_SECONDS` of processor time, and the handler looks at both bounds.
"""

import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Final, TypeVar

from streams.exceptions import OutOfTimeError

Result = TypeVar("Result")

_TICK_SECONDS: Final = 0.1
"""Until the handler is called again: for a part's bound, and since an exception is lost that a finaliser raises."""
_LEAST_SECONDS: Final = 0.0025


class _ExpiredError(BaseException):
    """Raised by the handler; no `except Exception` on its way may take it for a failure of its own."""


class _PartExpiredError(BaseException):
    """The same for a part alone."""


class ProcessorTimeLimit:
    """Gives each document a budget of processor time."""

    def __init__(self, limit: timedelta, part: timedelta | None = None) -> None:
        """Take the time for one document, and for each bounded part of the work on it; as much, if it is None."""
        self._seconds = limit.total_seconds()
        self._part_seconds = (part or limit).total_seconds()

    def __call__(self) -> "ProcessorTimeBudget":
        """Return the budget of one document."""
        return ProcessorTimeBudget(self._seconds, self._part_seconds)


class ProcessorTimeBudget:
    """What a document has left; each step takes from it."""

    def __init__(self, seconds: float, part_seconds: float) -> None:
        """Take the seconds for all steps together, and for each part."""
        self._seconds = self._left = seconds
        self._part_seconds = part_seconds
        self._until = self._part_until = 0.0
        self._armed = self._part_armed = False

    def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns; raises `OutOfTimeError` when the budget is used up before it does."""
        if not _may_limit():
            return work()
        began = time.thread_time()
        self._until = began + self._left
        before = signal.signal(signal.SIGPROF, self._expired)
        try:
            try:
                self._armed = True
                first = max(min(self._left, _TICK_SECONDS), _LEAST_SECONDS)
                signal.setitimer(signal.ITIMER_PROF, first, _TICK_SECONDS)
                return work()
            finally:
                self._armed = False  # first of all: what is done is not to be given up
        except _ExpiredError:
            raise _out_of_time(self._seconds, "LIVELINE_PARSE_TIMEOUT") from None
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            # The default ends the process: a signal that is still under way must not meet it.
            if before not in (signal.SIG_DFL, None):
                signal.signal(signal.SIGPROF, before)
            self._left -= time.thread_time() - began

    def part(self, work: Callable[[], Result]) -> Result:
        """Return what a part of a step returns; raises `OutOfTimeError` when it takes longer than a part may.

        What it spent is spent: the document's own bound holds over all parts. Outside a step it is a step itself.
        """
        if not self._armed:
            return self.run(lambda: self.part(work)) if _may_limit() else work()
        try:
            try:
                self._part_until = time.thread_time() + self._part_seconds
                self._part_armed = True
                return work()
            finally:
                self._part_armed = False
        except _PartExpiredError:
            raise _out_of_time(self._part_seconds, "LIVELINE_ENRICH_TIMEOUT") from None

    def _expired(self, _: int, __: FrameType | None) -> None:
        now = time.thread_time()
        if self._armed and now >= self._until:
            raise _ExpiredError
        if self._part_armed and now >= self._part_until:
            raise _PartExpiredError


def _may_limit() -> bool:
    """Whether the handler can be called here: in the main thread, unless another limit holds."""
    return threading.get_ident() == threading.main_thread().ident and not signal.getitimer(signal.ITIMER_PROF)[0]


def _out_of_time(seconds: float, setting: str) -> OutOfTimeError:
    return OutOfTimeError(f"it took more than {seconds:g} s of processor time ({setting}), and was given up")
