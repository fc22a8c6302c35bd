"""How long one document may be worked on; what enforces it is handed in, for a pure function knows no clock."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Budget(Protocol):
    """The time that one document has, for all steps together."""

    def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns; raises `OutOfTimeError` when the document's time is used up."""


TimeLimit = Callable[[], Budget]
"""Called once a document."""


class Unlimited:
    """All the time it takes."""

    def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns."""
        return work()
