"""Which of several pollers polls a source."""

from typing import Protocol


class Turns(Protocol):
    """Says which sources this process polls."""

    def is_mine(self, source_id: str) -> bool:
        """Whether this process is to poll the source now."""
        ...


class Alone:
    """A poller without others: it polls every source."""

    def is_mine(self, source_id: str) -> bool:  # noqa: ARG002  (all)
        """Return True."""
        return True
