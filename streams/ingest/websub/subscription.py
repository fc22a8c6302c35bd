"""A subscription's life, as values: asked for, confirmed for a time, renewed before that ends, left. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from streams.ingest.websub.discovery import Hub

LEASE: Final = timedelta(days=1)
"""What is asked for; a hub that forgets us, or that we left without a word, is not for longer."""
_RENEW_AT: Final = 0.8
_SOONEST_RENEWAL: Final = timedelta(minutes=1)
_LATEST_RENEWAL: Final = timedelta(days=10)
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=6)
_AFTER_DENIAL: Final = timedelta(days=1)


STEADY: Final = timedelta(minutes=10)
"""How long a hub is kept although the source names another one: some name a different one each time."""


class State(StrEnum):
    """A subscription's state."""

    PENDING = "pending"
    ACTIVE = "active"
    DENIED = "denied"
    LEAVING = "leaving"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One source's place at a hub."""

    source_id: str
    hub: Hub
    token: str = field(repr=False)
    """The last part of the callback's address, which nobody can guess."""
    secret: str = field(repr=False)
    ask_at: datetime
    """When the hub is to be asked: for the first time, again, or for another lease."""
    since: datetime
    state: State = State.PENDING
    leased_until: datetime | None = None
    asked: int = 0
    """Requests since the hub's last word."""

    def is_due(self, now: datetime) -> bool:
        """Say whether the hub is to be asked now."""
        return not self.is_left and now >= self.ask_at

    @property
    def is_left(self) -> bool:
        """Whether we want nothing more of the hub."""
        return self.state in (State.LEAVING, State.LEFT)

    def is_active(self, now: datetime) -> bool:
        """Say whether the hub has promised to deliver updates."""
        return self.state is State.ACTIVE and self.leased_until is not None and now < self.leased_until

    def expects(self, mode: str, topic: str) -> bool:
        """Say whether a hub verifies a request that we made."""
        if topic != self.hub.topic:
            return False
        if mode == "subscribe":
            # An active one too: a hub whose confirmation was lost on the way asks again.
            return self.state is State.ACTIVE or (self.state is State.PENDING and self.asked > 0)
        return mode == "unsubscribe" and self.state is State.LEAVING

    def request(self, now: datetime) -> "Subscription":
        """Return it after a request to the hub; if no answer comes, it is due again, later each time."""
        wait = min(_FIRST_WAIT * 2 ** min(self.asked, 20), _LONGEST_WAIT)
        state = State.PENDING if self.state is State.DENIED else self.state
        return replace(self, state=state, asked=self.asked + 1, ask_at=now + wait)

    def confirm(self, now: datetime, lease: timedelta) -> "Subscription":
        """Return it with the confirmed lease, which is due for renewal after four fifths."""
        renewal = min(max(lease * _RENEW_AT, _SOONEST_RENEWAL), _LATEST_RENEWAL)
        return replace(self, state=State.ACTIVE, leased_until=now + lease, ask_at=now + renewal, asked=0)

    def deny(self, now: datetime) -> "Subscription":
        """Return it after the hub refused: it is not due for a day."""
        return replace(self, state=State.DENIED, leased_until=None, asked=0, ask_at=now + _AFTER_DENIAL)

    def leave(self) -> "Subscription":
        """Return it as one that is to be ended."""
        return replace(self, state=State.LEAVING, leased_until=None)

    def end(self) -> "Subscription":
        """Return it as ended: the hub confirmed that."""
        return replace(self, state=State.LEFT)
