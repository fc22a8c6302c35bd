"""Server-Sent Events as bytes (WHATWG HTML, 9.2)."""

import re
from typing import Final

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
HEARTBEAT: Final = b":\n\n"


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
