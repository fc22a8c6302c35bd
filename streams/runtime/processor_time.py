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

It costs two system calls and two exchanges of a handler for each step of a document, 3 microseconds together.
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

_AGAIN_SECONDS: Final = 0.25
"""Until the handler is called again: an exception is lost where it is raised in a finaliser."""


class _ExpiredError(BaseException):
    """Raised by the handler; no `except Exception` on its way may take it for a failure of its own."""


class ProcessorTimeLimit:
    """Gives each document a budget of processor time."""

    def __init__(self, limit: timedelta, setting: str = "LIVELINE_PARSE_TIMEOUT") -> None:
        """Take the time for one document, and the name of the setting that says so."""
        self._seconds = limit.total_seconds()
        self._setting = setting

    def __call__(self) -> "ProcessorTimeBudget":
        """Return the budget of one document."""
        return ProcessorTimeBudget(self._seconds, self._setting)


class ProcessorTimeBudget:
    """What a document has left; each step takes from it."""

    def __init__(self, seconds: float, setting: str) -> None:
        """Take the seconds for all steps together."""
        self._seconds = self._left = seconds
        self._setting = setting
        self._until = 0.0
        self._armed = False

    def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns; raises `OutOfTimeError` when the budget is used up before it does."""
        if threading.get_ident() != threading.main_thread().ident or signal.getitimer(signal.ITIMER_PROF)[0]:
            return work()
        began = time.thread_time()
        self._until = began + self._left
        before = signal.signal(signal.SIGPROF, self._expired)
        try:
            try:
                self._armed = True
                signal.setitimer(signal.ITIMER_PROF, max(self._left, _AGAIN_SECONDS / 100), _AGAIN_SECONDS)
                return work()
            finally:
                self._armed = False  # first of all: what is done is not to be given up
        except _ExpiredError:
            raise OutOfTimeError(
                f"it took more than {self._seconds:g} s of processor time ({self._setting}), and was given up"
            ) from None
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            # The default ends the process: a signal that is still under way must not meet it.
            if before not in (signal.SIG_DFL, None):
                signal.signal(signal.SIGPROF, before)
            self._left -= time.thread_time() - began

    def _expired(self, _: int, __: FrameType | None) -> None:
        if self._armed and time.thread_time() >= self._until:
            raise _ExpiredError
