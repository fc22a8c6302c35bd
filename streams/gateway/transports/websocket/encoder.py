"""What a subscription is told, as frames. The Entry's bytes stand in them as on the topic."""

from dataclasses import dataclass, field
from typing import Final

import orjson

from streams.archive import Due
from streams.gateway.delivery.transport import Began
from streams.gateway.transports.websocket.frames import message, text_frame

_RECOVERED: Final = {Began.RESUME: True, Began.INCOMPLETE: False}


@dataclass(frozen=True, slots=True)
class WebSocketEncoder:
    """Equal for all subscriptions of one name: only the name differs between their frames."""

    name: str
    request_id: str | int | float | None = field(default=None, compare=False)
    """Of the `subscribe` that `subscribed` answers."""
    _head: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_head", b'","subscription":' + orjson.dumps(self.name))

    def began(self, how: Began, cursor: str | None) -> bytes:
        """Return `subscribed`."""
        return message(
            "subscribed", self.request_id, subscription=self.name, cursor=cursor, recovered=_RECOVERED.get(how)
        )

    def entry(self, value: bytes, due: Due, cursor: str | None) -> bytes:
        """Return an entry around its own bytes."""
        matches = b',"matches":false' if due is Due.LEFT else b""
        place = b',"cursor":"' + cursor.encode() + b'"' if cursor is not None else b""
        return text_frame(b'{"type":"entry' + self._head + matches + place + b',"entry":' + value + b"}")

    def alert(self, value: bytes) -> bytes:
        """Return an alert around its own bytes."""
        return text_frame(b'{"type":"alert' + self._head + b',"alert":' + value + b"}")

    def incomplete(self, reason: str) -> bytes:
        """Return what goes before the current state."""
        return message("incomplete", subscription=self.name, reason=reason)

    def live(self, cursor: str) -> bytes:
        """Return the end of what was missed."""
        return message("live", subscription=self.name, cursor=cursor)
