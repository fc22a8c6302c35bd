"""What the archiver needs of a log; `EntryLog` reads Kafka, `streams.testing.FakeLog` reads a list."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class MissingRecordsError(Exception):
    """The log no longer has what comes next; `position` is where it goes on."""

    def __init__(self, position: Mapping[int, int]) -> None:
        super().__init__(f"the log begins later: {dict(position)}")
        self.position = position


class Log(Protocol):
    """One reading of `liveline.entries`, all partitions."""

    @property
    def topic(self) -> str:
        """Its name."""
        ...

    async def start(self) -> Sequence[int]:
        """Connect; returns the topic's partitions, none when it doesn't exist yet."""
        ...

    async def stop(self) -> None:
        """Disconnect."""
        ...

    async def seek(self, position: Mapping[int, int]) -> None:
        """Read on from a position; raises `MissingRecordsError` when the log begins later in some partition."""
        ...

    async def read(self) -> Sequence[Any]:
        """Return records (`partition`, `offset`, `value`) that have come, in each partition's order."""
        ...

    def grown(self) -> bool:
        """Whether the topic has other partitions than at the start."""
        ...

    async def caught_up(self) -> bool:
        """Whether all is read that the log held at `seek`."""
        ...

    async def lag(self) -> Mapping[int, int]:
        """Return how much of each partition is not read yet."""
        ...

    def heard(self) -> int:
        """Return when the log last answered for all partitions, in milliseconds since 1970; 0 for never."""
        ...
