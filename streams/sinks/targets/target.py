"""What every kind of target does."""

from typing import Protocol

from streams.exceptions import LivelineError
from streams.sinks.message import Message


class SendError(LivelineError):
    """The target did not take a message; it says why, without the address."""


class Target(Protocol):
    """A place that takes messages."""

    def send(self, message: Message) -> None:
        """Send a message; blocks, so it is called in a thread. Raises `SendError`."""
        ...
