"""What a WebSocket's frames hold, either way: JSON objects that are told apart by `type`."""

from typing import Any, Literal

from pydantic import Field

from schemas.alert import Alert
from schemas.entry import Entry
from schemas.model import Model, absent
from streams.gateway.describe.answers import ProblemDetails

_ID = "What the answer repeats."
_NAME = "The subscription, as the client has named it."


class _Asked(Model):
    id: int | str | None = absent(_ID)


class Subscribe(_Asked):
    """Begin a subscription."""

    type: Literal["subscribe"]
    subscription: str = Field(description=_NAME)
    filter: dict[str, Any] | None = absent("Filters by the names of the query parameters: a value or a list of them.")
    cursor: str | None = absent("Where to go on.")
    since: str | None = absent("A time to begin at.")
    replay: Literal["latest"] | None = absent("Begin with the newest revision of each entry that fits.")
    limit: int | None = absent("Of these, the newest so many.")
    alerts: bool = absent("Alerts as well.", default=False)


class Unsubscribe(_Asked):
    """End a subscription."""

    type: Literal["unsubscribe"]
    subscription: str = Field(description=_NAME)


class Authenticate(_Asked):
    """Give the connection a new token."""

    type: Literal["authenticate"]
    token: str


class Ping(_Asked):
    """Ask for a sign of life."""

    type: Literal["ping"]


class Subscribed(_Asked):
    """A subscription has begun."""

    type: Literal["subscribed"]
    subscription: str = Field(description=_NAME)
    cursor: str | None = absent("Where it goes on.")
    recovered: bool | None = Field(
        default=None, exclude_if=lambda value: value is None, description="Everything after the given cursor follows."
    )


class Unsubscribed(_Asked):
    """A subscription has ended."""

    type: Literal["unsubscribed"]
    subscription: str = Field(description=_NAME)
    cursor: str | None = absent("Its last one.")


class Authenticated(_Asked):
    """The new token counts."""

    type: Literal["authenticated"]


class Pong(_Asked):
    """The sign of life."""

    type: Literal["pong"]


class _Told(Model):
    subscription: str = Field(description=_NAME)


class EntryMessage(_Told):
    """A revision."""

    type: Literal["entry"]
    cursor: str | None = absent("The place after it; absent within the current state.")
    matches: bool | None = Field(
        default=None, exclude_if=lambda value: value is None, description="`false`: sent only for what the entry was."
    )
    entry: Entry


class AlertMessage(_Told):
    """An alert."""

    type: Literal["alert"]
    alert: Alert


class LiveMessage(_Told):
    """The subscription has caught up."""

    type: Literal["live"]
    cursor: str


class IncompleteMessage(_Told):
    """What the cursor stands for can't be continued; the current state follows."""

    type: Literal["incomplete"]
    reason: str


class ErrorMessage(_Asked):
    """Something that was asked for can't be; the connection stays."""

    type: Literal["error"]
    problem: ProblemDetails


class Reconnect(Model):
    """The gateway goes down."""

    type: Literal["reconnect"]
    after_ms: int = Field(ge=0)


ASKED: tuple[type[Model], ...] = (Subscribe, Unsubscribe, Authenticate, Ping)
"""What a client sends."""
TOLD: tuple[type[Model], ...] = (
    Subscribed, Unsubscribed, Authenticated, Pong, EntryMessage, AlertMessage, LiveMessage, IncompleteMessage,
    ErrorMessage, Reconnect,
)  # fmt: skip
"""What a client is sent."""
