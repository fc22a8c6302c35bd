"""Stops the worker when our own exceptions come in a row, rather than send a day to dead letters after a bad deploy."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from streams.exceptions import LivelineError


class TooManyBugsError(LivelineError):
    """Document after document, of several sources, fails by an exception of Liveline's own."""


@dataclass(slots=True)
class Breaker:
    """Counts documents in a row that failed by a bug; one source alone may simply send something odd."""

    most: int = 25
    _row: int = 0
    _sources: set[str] = field(default_factory=set)

    def observe(self, documents: Iterable[tuple[str, bool]]) -> None:
        """Take up documents in order, each as its source and whether it failed by a bug; raises `TooManyBugsError`.

        The batch that raises must not be committed: its documents are processed after the repair.
        """
        for source, failed in documents:
            if not failed:
                self._row = 0
                self._sources.clear()
                continue
            self._row += 1
            self._sources.add(source)
            if self._row >= self.most and len(self._sources) > 1:
                raise TooManyBugsError(
                    f"{self._row} documents in a row, of {len(self._sources)} sources, failed by an exception of "
                    "Liveline's own (tracebacks above); the last batch is not committed: mend it and start again"
                )
