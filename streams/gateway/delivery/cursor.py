"""A cursor: a subscriber's place in the stream, opaque to it.

It holds, for each partition, the offset that comes next, and whose log that is. Offsets of a log with transactions
have gaps, and a record that is not yet committed can stand before one that is; so a cursor is only ever made from
what a read-committed consumer has returned, never from the log's end.
"""

import base64
import binascii
import zlib
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

Position = Mapping[int, int]
"""Partition to the offset that comes next."""

_VERSION: Final = 1
_LOG_BYTES: Final = 8
_CHECK_BYTES: Final = 4
_MAX_LENGTH: Final = 4096
_MAX_VARINT_BITS: Final = 63


class CursorError(ValueError):
    """The text is not a cursor of this log."""


def log_tag(identity: str) -> bytes:
    """Return what a cursor says of its log: a digest, so that a cluster's names stay inside."""
    return sha256(identity.encode()).digest()[:_LOG_BYTES]


def encode_cursor(tag: bytes, position: Position) -> str:
    """Return the cursor of a position in the log with this tag."""
    raw = bytearray((_VERSION,))
    raw += tag
    _put(raw, len(position))
    for partition in sorted(position):
        _put(raw, partition)
        _put(raw, position[partition])
    # A damaged cursor would otherwise be another valid place, and what lies between would be lost silently.
    raw += zlib.crc32(raw).to_bytes(_CHECK_BYTES, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode_cursor(tag: bytes, cursor: str) -> dict[int, int]:
    """Return the position that a cursor holds; raises `CursorError` for what `encode_cursor` did not make."""
    if not cursor or len(cursor) > _MAX_LENGTH:
        raise CursorError("the cursor is empty or too long")
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CursorError("the cursor is not base64url") from error
    body, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
    if len(body) < 1 + _LOG_BYTES + 1 or zlib.crc32(body).to_bytes(_CHECK_BYTES, "big") != check:
        raise CursorError("the cursor is damaged")
    if body[0] != _VERSION:
        raise CursorError(f"the cursor has version {body[0]}; expected {_VERSION}")
    if body[1 : 1 + _LOG_BYTES] != tag:
        raise CursorError("the cursor is of another log")
    numbers = _Varints(body, 1 + _LOG_BYTES)
    position = {}
    for _ in range(numbers.take()):
        partition = numbers.take()
        position[partition] = numbers.take()
    if numbers.rest() or encode_cursor(tag, position) != cursor:
        raise CursorError("the cursor is not as it was given out")
    return position


def _put(raw: bytearray, number: int) -> None:
    while number > 0x7F:  # noqa: PLR2004  (LEB128: seven bits a byte)
        raw.append(number & 0x7F | 0x80)
        number >>= 7
    raw.append(number)


class _Varints:
    """Reads LEB128 numbers."""

    def __init__(self, raw: bytes, at: int) -> None:
        self._raw = raw
        self._at = at

    def take(self) -> int:
        number = shift = 0
        while self._at < len(self._raw) and shift < _MAX_VARINT_BITS:
            byte = self._raw[self._at]
            self._at += 1
            number |= (byte & 0x7F) << shift
            if byte <= 0x7F:  # noqa: PLR2004
                return number
            shift += 7
        raise CursorError("the cursor ends early")

    def rest(self) -> int:
        return len(self._raw) - self._at
