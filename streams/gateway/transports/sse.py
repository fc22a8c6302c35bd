"""Server-Sent Events as bytes (WHATWG HTML, 9.2)."""

import re
from dataclasses import dataclass, field
from typing import Final

from streams.archive import Due, Revision

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_EVENTS: Final = {Due.ENTRY: "entry", Due.LEFT: "entry-left"}
HEARTBEAT: Final = b":\n"
"""A comment without a blank line: many clients, npm's `eventsource` and `httpx-sse` among them, take a blank line for
the end of an event and hand out an empty one."""


@dataclass(frozen=True, slots=True)
class Frames:
    """A revision's events, each encoded once for all who get it."""

    revision: Revision
    cursor: str | None
    _encoded: dict[Due, bytes] = field(default_factory=dict)

    def of(self, due: Due) -> bytes:
        """Return the bytes for those to whom the revision is due in this way; none for the others."""
        if due is Due.NOT:
            return b""
        if due not in self._encoded:
            self._encoded[due] = encode_event(_EVENTS[due], self.revision.value, self.cursor)
        return self._encoded[due]


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
