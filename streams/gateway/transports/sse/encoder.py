"""Server-Sent Events as bytes (WHATWG HTML, 9.2)."""

import re
from dataclasses import dataclass
from typing import Final

import orjson

from streams.archive import Due
from streams.gateway.delivery.transport import Began

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_EVENTS: Final = {Due.ENTRY: "entry", Due.LEFT: "entry-left"}
HEARTBEAT: Final = b":\n"
"""A comment without a blank line: many clients, npm's `eventsource` and `httpx-sse` among them, take a blank line for
the end of an event and hand out an empty one."""


@dataclass(frozen=True, slots=True)
class SseEncoder:
    """The same for all streams."""

    def began(self, how: Began, cursor: str | None) -> bytes:
        """Return a first cursor for a subscription that begins live; any other start sends one soon."""
        return encode_prime(cursor) if how is Began.LIVE and cursor is not None else b""

    def entry(self, value: bytes, due: Due, cursor: str | None) -> bytes:
        """Return `entry` or `entry-left`."""
        return encode_event(_EVENTS[due], value, cursor)

    def alert(self, value: bytes) -> bytes:
        """Return an alert, without an id: what was missed is read elsewhere."""
        return encode_event("alert", value)

    def incomplete(self, reason: str) -> bytes:
        """Return what goes before the current state."""
        return encode_event("incomplete", orjson.dumps({"reason": reason}))

    def live(self, cursor: str) -> bytes:
        """Return the end of what was missed."""
        return encode_event("live", orjson.dumps({"cursor": cursor}), cursor)


def encode_event(event: str, data: bytes, cursor: str | None = None) -> bytes:
    """Return an event; `data` on one line unless it has line ends, each of which a client reads as one LF."""
    head = f"id: {cursor}\nevent: {event}\n" if cursor is not None else f"event: {event}\n"
    if b"\n" not in data and b"\r" not in data:
        return head.encode() + b"data: " + data + b"\n\n"
    return head.encode() + b"".join(b"data: " + line + b"\n" for line in _LINE_END.split(data)) + b"\n"


def encode_prime(cursor: str) -> bytes:
    """Return an event with an id and no data: no client shows it, and every client resumes from it."""
    return f"id: {cursor}\n\n".encode()


def encode_retry(milliseconds: int) -> bytes:
    """Return the time that a client waits before it connects again."""
    return f"retry: {milliseconds}\n\n".encode()


def encode_end(cursor: str) -> bytes:
    """Return what is said after the last entry of a replay that ends."""
    return encode_event("end", orjson.dumps({"cursor": cursor}), cursor)


def encode_expired() -> bytes:
    """Return what is said when the stream ends with its token."""
    return encode_event("expired", orjson.dumps({"reason": "the token has expired"}))
