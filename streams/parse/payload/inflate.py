"""Content codings undone with a hard bound: a kilobyte that unpacks to a gigabyte is refused, not unpacked."""

import zlib
from typing import Final

from streams.exceptions import ParseError

_GZIP: Final = 16 + zlib.MAX_WBITS
_MOST_CODINGS: Final = 3


def inflate(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """Return a body without its content coding (`gzip`, `deflate`, several in a list, or none).

    Raises `ParseError` when it is broken, of another coding, or larger than `max_bytes`.
    """
    codings = [name.strip().lower() for name in encoding.split(",") if name.strip()]
    if len(codings) > _MOST_CODINGS:
        raise ParseError(f"the content is encoded {len(codings)} times; at most {_MOST_CODINGS} are undone")
    for coding in reversed(codings):  # RFC 9110: listed in the order in which they were applied
        if coding in ("gzip", "x-gzip"):
            body = _unpack(body, _GZIP, coding, max_bytes)
        elif coding == "deflate":
            # RFC 9110 says zlib's format; some servers send the bare stream.
            zlibbed = len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and not int.from_bytes(body[:2]) % 31
            body = _unpack(body, zlib.MAX_WBITS if zlibbed else -zlib.MAX_WBITS, coding, max_bytes)
        elif coding != "identity":
            raise ParseError(f"content coding {coding!r} is not read; send gzip, deflate or none")
    if len(body) > max_bytes:
        raise ParseError(f"the document has {len(body):,} bytes; at most {max_bytes:,} are read")
    return body


def _unpack(body: bytes, window: int, coding: str, max_bytes: int) -> bytes:
    found = bytearray()
    try:
        while body:  # gzip: several members in a row are one text
            unpacker = zlib.decompressobj(window)
            found += unpacker.decompress(body, max_bytes - len(found) + 1)
            if len(found) > max_bytes:
                raise ParseError(f"the {coding} content unpacks to more than {max_bytes:,} bytes")
            if not unpacker.eof:
                raise ParseError(f"the {coding} content ends too early")
            body = unpacker.unused_data if window == _GZIP else b""
            if not body.startswith(b"\x1f\x8b"):  # padding after the last member
                break
    except zlib.error as error:
        raise ParseError(f"not {coding}: {error}") from error
    return bytes(found)
