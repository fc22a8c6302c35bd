"""A request's body read within a bound, inflated or not: a small request must not become a large one."""

import zlib
from collections.abc import AsyncIterator
from typing import Final

CODINGS: Final = ("gzip", "deflate")
_GZIP_WBITS: Final = 31
_ZLIB_WBITS: Final = 15
_RAW_WBITS: Final = -15
_ZLIB_METHOD: Final = 8


class BodyTooLargeError(Exception):
    """The body, or what it inflates to, is larger than the limit."""


class BodyCodingError(Exception):
    """The body is not in the coding that its header names."""


async def read_body(chunks: AsyncIterator[bytes], coding: str, limit: int) -> bytes:
    """Return the body of a request, decoded; never holds more than `limit` and one chunk.

    `coding` is empty, `gzip` or `deflate` (zlib's format, or raw as some clients send it).
    """
    inflate = _Inflate(coding, limit) if coding else None
    body = bytearray()
    async for chunk in chunks:
        body += inflate.feed(chunk, limit - len(body)) if inflate else chunk
        if len(body) > limit:
            raise BodyTooLargeError(f"the body is larger than {limit:,} bytes")
    if inflate:
        inflate.check_end()
    return bytes(body)


class _Inflate:
    """One coding's decoder, which stops as soon as the limit is passed."""

    def __init__(self, coding: str, limit: int) -> None:
        self._coding = coding
        self._limit = limit
        self._decoder: zlib._Decompress | None = zlib.decompressobj(_GZIP_WBITS) if coding == "gzip" else None

    def feed(self, chunk: bytes, room: int) -> bytes:
        if not chunk:
            return b""
        if self._decoder is None:
            # "deflate" is zlib's format (RFC 9110, 8.4.1.2); its first byte tells it from a raw stream.
            self._decoder = zlib.decompressobj(_ZLIB_WBITS if chunk[0] & 0x0F == _ZLIB_METHOD else _RAW_WBITS)
        if self._decoder.eof:
            raise BodyCodingError(f"bytes follow the end of the {self._coding} body")
        try:
            inflated = self._decoder.decompress(chunk, room + 1)
        except zlib.error as error:
            raise BodyCodingError(f"the body is not {self._coding}: {error}") from error
        if len(inflated) > room:
            raise BodyTooLargeError(f"the body inflates to more than {self._limit:,} bytes")
        if self._decoder.unused_data:
            raise BodyCodingError(f"bytes follow the end of the {self._coding} body")
        return inflated

    def check_end(self) -> None:
        if self._decoder is None or not self._decoder.eof:
            raise BodyCodingError(f"the {self._coding} body ends early")
