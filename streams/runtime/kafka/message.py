"""A record as it is read, without the library that reads it."""

from typing import Protocol


class Message(Protocol):
    """A record as confluent-kafka's consumer gives it."""

    def __len__(self) -> int:
        """Return how long its value is."""

    def partition(self) -> int:
        """Return its partition."""

    def offset(self) -> int:
        """Return its offset."""

    def key(self) -> bytes | None:
        """Return its key."""

    def value(self) -> bytes | None:
        """Return its value; None is a tombstone."""

    def headers(self) -> list[tuple[str, bytes | None]] | None:
        """Return its headers in their order."""

    def timestamp(self) -> tuple[int, int]:
        """Return the kind of its time, and the time in milliseconds since 1970."""
