"""When a delivery is tried again: by the standard's waits, each a random bit longer, and by `Retry-After`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_JITTER: Final = 0.2
_LONGEST_RETRY_AFTER: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The waits between attempts."""

    waits: Sequence[timedelta]
    chance: Callable[[], float]
    """Returns a number from 0 to 1."""

    def wait(self, attempts: int, retry_after: timedelta | None = None) -> timedelta | None:
        """Return how long to wait after so many attempts, or None when all waits are used.

        Never shorter than the schedule's wait: an endpoint that always says `Retry-After: 1` would use up a schedule
        of three days in ten seconds.
        """
        if attempts > len(self.waits):
            return None
        wait = self.waits[attempts - 1] * (1 + _JITTER * self.chance())
        return max(wait, min(retry_after, _LONGEST_RETRY_AFTER)) if retry_after else wait
