"""A server's frames as bytes (RFC 6455, 5.2): whole, and not masked."""

from enum import IntEnum
from typing import Any, Final

import orjson

_TEXT: Final = 0x81
_PING: Final = 0x89
_SHORT_BYTES: Final = 125
_MEDIUM_BYTES: Final = 0xFFFF
PING: Final = bytes((_PING, 0))
"""A heartbeat; clients answer it by themselves."""


class Close(IntEnum):
    """Why a connection is closed."""

    GOING_AWAY = 1001
    NOT_TEXT = 1003
    TOO_LARGE = 1009
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    TOO_SLOW = 4408
    FLOOD = 4429


def text_frame(text: bytes) -> bytes:
    """Return a text frame."""
    size = len(text)
    if size <= _SHORT_BYTES:
        return bytes((_TEXT, size)) + text
    if size <= _MEDIUM_BYTES:
        return bytes((_TEXT, 126)) + size.to_bytes(2, "big") + text
    return bytes((_TEXT, 127)) + size.to_bytes(8, "big") + text


def message(kind: str, request_id: Any = None, **fields: Any) -> bytes:
    """Return a message of the protocol as a frame; what is None is left out."""
    values = {"type": kind, "id": request_id, **fields}
    return text_frame(orjson.dumps({name: value for name, value in values.items() if value is not None}))
