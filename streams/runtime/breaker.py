"""Stops the worker when most of what comes in fails by our own exceptions, rather than send a day to dead letters.

One document that fails is a dead letter, and so are a hundred: whoever has a source's token can send them. A bad deploy
looks different: most documents of most sources fail, and go on to fail.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from streams.exceptions import LivelineError

_SLOT: Final = timedelta(seconds=10)
"""What came in is counted by slots of this length, so that a quick worker keeps no more than a slow one."""


class TooManyBugsError(LivelineError):
    """Most documents, of several sources and for minutes, fail by an exception of Liveline's own."""


@dataclass(frozen=True, slots=True)
class BreakerLimits:
    """How much must fail; all of it together."""

    failures: int = 25
    sources: int = 2
    """How many sources must have more failures than successes; they must also be more than half of all sources."""
    lasting: timedelta = timedelta(minutes=2)
    """From the first failure to the last one."""
    window: timedelta = timedelta(minutes=10)
    """What is older no longer counts."""


@dataclass(slots=True)
class _Slot:
    start: datetime
    documents: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Breaker:
    """Counts documents and failures by source over the last minutes."""

    limits: BreakerLimits = field(default_factory=BreakerLimits)
    tripped: bool = False
    _slots: list[_Slot] = field(default_factory=list)

    def observe(self, documents: Iterable[tuple[str, bool]], now: datetime) -> None:
        """Take up documents that are committed, each as its source and whether it failed by a bug.

        Raises `TooManyBugsError` when it is time to stop. The documents are dead letters by then, so that a worker
        that starts again doesn't meet them again.
        """
        slot = self._slot(now)
        any_failed = False
        for source, failed in documents:
            slot.documents[source] = slot.documents.get(source, 0) + 1
            if failed:
                any_failed = True
                slot.failures[source] = slot.failures.get(source, 0) + 1
        if any_failed:
            self._judge(now)

    def _slot(self, now: datetime) -> _Slot:
        if not self._slots or now >= self._slots[-1].start + _SLOT:
            self._slots = [slot for slot in self._slots if slot.start > now - self.limits.window]
            self._slots.append(_Slot(now))
        return self._slots[-1]

    def _judge(self, now: datetime) -> None:
        first = next(slot.start for slot in self._slots if slot.failures)
        if now - first < self.limits.lasting:
            return
        documents, failures = self._total("documents"), self._total("failures")
        failing = [source for source, count in failures.items() if 2 * count > documents[source]]
        count, of = sum(failures.values()), sum(documents.values())
        if (
            count >= self.limits.failures
            and 2 * count > of
            and len(failing) >= self.limits.sources
            and 2 * len(failing) > len(documents)
        ):
            self.tripped = True
            raise TooManyBugsError(
                f"{count:,} of the {of:,} documents of the last {(now - first).total_seconds():.0f} s, of "
                f"{len(failures)} sources, failed by an exception of Liveline's own (tracebacks above); they are dead "
                "letters now: mend it, start again and retry them"
            )

    def _total(self, kind: str) -> dict[str, int]:
        total: dict[str, int] = {}
        for slot in self._slots:
            for source, count in getattr(slot, kind).items():
                total[source] = total.get(source, 0) + count
        return total
