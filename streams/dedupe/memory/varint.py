"""Lengths in records, in seven bits a byte (LEB128): no length is too large to be written."""

from typing import Final

_CONTINUES: Final = 0x80


def varint(number: int) -> bytes:
    """Return a number that is not negative, written in as few bytes as it needs."""
    written = bytearray()
    while number >= _CONTINUES:
        written.append(number & (_CONTINUES - 1) | _CONTINUES)
        number >>= 7
    written.append(number)
    return bytes(written)


def read_varint(value: bytes, start: int) -> tuple[int, int]:
    """Return the number at `start`, and the place after it."""
    number = shift = 0
    while True:
        byte = value[start]
        start += 1
        number |= (byte & (_CONTINUES - 1)) << shift
        if byte < _CONTINUES:
            return number, start
        shift += 7
