"""What the hub needs of a transport: an encoder that makes bytes, and subscribers that take them."""

from enum import StrEnum
from typing import Protocol

from streams.archive import Due, Wanted


class Began(StrEnum):
    """How a subscription began."""

    LIVE = "live"
    RESUME = "resume"
    """After a cursor: everything that follows it comes."""
    SINCE = "since"
    LATEST = "latest"
    REPLAY = "replay"
    """At a time, for a replay."""
    INCOMPLETE = "incomplete"
    """After a cursor that can't be continued."""


class Encoder(Protocol):
    """Makes a transport's bytes. The hub encodes a revision once for all subscribers with equal encoders."""

    def __hash__(self) -> int:
        """Equal encoders make equal bytes."""
        ...

    def began(self, how: Began, cursor: str | None) -> bytes:
        """Return what is said first; may be nothing."""
        ...

    def entry(self, value: bytes, due: Due, cursor: str | None) -> bytes:
        """Return a revision, `value` as it stands on the topic; `cursor` is the place after it."""
        ...

    def alert(self, value: bytes) -> bytes:
        """Return an alert, `value` as it stands on the topic."""
        ...

    def incomplete(self, reason: str) -> bytes:
        """Return that the current state follows instead of what was missed."""
        ...

    def live(self, cursor: str) -> bytes:
        """Return that all that was missed has been sent."""
        ...


class Subscriber(Protocol):
    """One subscription. Methods of the hot path are called once for each subscriber and event."""

    @property
    def wanted(self) -> Wanted:
        """Its filter, within what it may read."""
        ...

    @property
    def encoder(self) -> Encoder:
        """How it is told."""
        ...

    @property
    def alerts(self) -> bool:
        """Whether alerts are wanted and may be read."""
        ...

    def may_be_told_of(self, coverage: str) -> bool:
        """Whether an alert of this coverage is wanted and may be read."""
        ...

    @property
    def open(self) -> bool:
        """Whether the client is still there."""
        ...

    @property
    def paused(self) -> bool:
        """More than its backlog is waiting to be read."""
        ...

    def write(self, data: bytes) -> None:
        """Hand over bytes; never waits."""
        ...

    async def room(self) -> bool:
        """Wait, while it catches up, until the client has read; returns whether that took a turn of the loop."""
        ...

    def live(self) -> None:
        """Allow the whole backlog from here on: what is live does not wait for the client."""
        ...

    def drop(self) -> None:
        """End the connection: it is too slow, and resumes from what it has read."""
        ...


class Transport(Protocol):
    """One connection, with one subscription or many."""

    def beat(self) -> None:
        """Show the client, and proxies, that the connection lives; nothing for one that does not read."""
        ...

    def drop(self) -> None:
        """End it at once."""
        ...

    def go_away(self) -> None:
        """End it once all is written, and tell the client to come back."""
        ...
