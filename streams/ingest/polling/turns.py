"""Whose turn it is to poll a source, where several pollers stand side by side."""

from typing import Protocol


class Turns(Protocol):
    """Says which sources this process polls."""

    def is_mine(self, source_id: str) -> bool:
        """Whether this process is to poll the source now."""
        ...


class Alone:
    """One poller, which polls all."""

    def is_mine(self, source_id: str) -> bool:  # noqa: ARG002  (all)
        """Say yes."""
        return True
