"""How long one document may be worked on; what enforces it is handed in, for a pure function knows no clock."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Budget(Protocol):
    """The time that one document has, for all steps together."""

    def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns; raises `OutOfTimeError` when the document's time is used up."""

    def part(self, work: Callable[[], Result]) -> Result:
        """Return what a part of the work returns, which may fail alone: raises `OutOfTimeError` for its own bound."""


TimeLimit = Callable[[], Budget]
"""Called once a document."""


class Unlimited:
    """All the time it takes."""

    def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns."""
        return work()

    def part(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns."""
        return work()
