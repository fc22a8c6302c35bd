"""What a client sends, checked: whole texts, pings, and how it ends or must be ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Message, Ping, Pong, TextMessage

from streams.gateway.transports.websocket.flood import Flood
from streams.gateway.transports.websocket.frames import Close

_LARGEST_FRAME_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Text:
    """A message."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes that the protocol itself answers with."""

    frame: bytes


@dataclass(frozen=True, slots=True)
class End:
    """The client closes, or did what it must not."""

    code: int
    reason: str
    by_client: bool


class Inbound:
    """Reads frames of one connection, until it ends."""

    __slots__ = ("_broken", "_flood", "_length", "_parser", "_texts")

    def __init__(self, now: float) -> None:
        self._parser = Connection(ConnectionType.SERVER)
        self._flood = Flood(now)
        self._texts: list[str] = []
        self._length = 0
        self._broken = False

    def feed(self, data: bytes, now: float) -> Iterator[Text | Answer | End]:
        """Yield what these bytes complete; after `close` only the client's own close."""
        if self._broken:
            # The client's close can't be told from the rest any more: whatever comes is taken for it.
            yield End(Close.GOING_AWAY, "", by_client=True)
            return
        if self._parser.state not in (ConnectionState.OPEN, ConnectionState.LOCAL_CLOSING):
            return
        self._parser.receive_data(data)
        for event in self._parser.events():
            if (found := self._read(event, now)) is not None:
                yield found

    def close(self, code: int, reason: str) -> bytes:
        """Return the close frame; nothing where both sides have closed."""
        if self._parser.state not in (ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING):
            return b""
        return self._parser.send(CloseConnection(code, reason))

    def _read(self, event: Event, now: float) -> Text | Answer | End | None:
        if isinstance(event, CloseConnection):
            # What is no WebSocket is such an event as well, with the code that says so.
            by_client = self._parser.state in (ConnectionState.REMOTE_CLOSING, ConnectionState.CLOSED)
            self._broken = not by_client
            return End(event.code, "" if by_client else (event.reason or "")[:100], by_client)
        if self._parser.state is not ConnectionState.OPEN:
            return None
        whole = not isinstance(event, Message) or event.frame_finished
        if whole and not self._flood.takes(now):
            return End(Close.FLOOD, "too many frames", by_client=False)
        match event:
            case Ping():
                return Answer(self._parser.send(Pong(payload=event.payload)))
            case BytesMessage():
                return End(Close.NOT_TEXT, "a frame is binary; expected text", by_client=False)
            case TextMessage():
                return self._text(event)
        return None

    def _text(self, event: TextMessage) -> Text | End | None:
        self._length += len(event.data.encode())
        if self._length > _LARGEST_FRAME_BYTES:
            return End(Close.TOO_LARGE, f"a message has more than {_LARGEST_FRAME_BYTES:,} bytes", by_client=False)
        self._texts.append(event.data)
        if not event.message_finished:
            return None
        text = "".join(self._texts)
        self._texts.clear()
        self._length = 0
        return Text(text)
