"""Content codings undone with a bound."""

import gzip
import zlib

import pytest

from streams.exceptions import ParseError
from streams.parse.payload.inflate import inflate

TEXT = b"The harbour is closed. " * 40


def raw_deflate(body: bytes) -> bytes:
    """Return the bare stream that some servers call deflate."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT), "X-GZIP"),
        (gzip.compress(TEXT[:300]) + gzip.compress(TEXT[300:]), "gzip"),
        (gzip.compress(TEXT) + b"\0\0\0", "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (raw_deflate(TEXT), "deflate"),
        (gzip.compress(zlib.compress(TEXT)), "deflate, gzip"),
        (TEXT, "identity"),
        (TEXT, ""),
    ],
)
def test_each_coding_is_undone(body: bytes, encoding: str) -> None:
    """Several codings are undone last first."""
    assert inflate(body, encoding, 10_000) == TEXT


@pytest.mark.parametrize(
    ("body", "encoding", "said"),
    [
        (gzip.compress(b"\0" * 50_000_000), "gzip", "unpacks to more than 10,000"),
        (zlib.compress(b"\0" * 50_000_000), "deflate", "unpacks to more than 10,000"),
        (gzip.compress(gzip.compress(b"\0" * 50_000_000)), "gzip, gzip", "more than 10,000"),
        (b"\0" * 10_001, "", "at most 10,000"),
        (gzip.compress(TEXT)[:-12], "gzip", "too early"),
        (b"plain text", "gzip", "not gzip"),
        (TEXT, "br", "'br' is not read"),
        (TEXT, "gzip," * 9, "encoded 9 times"),
    ],
)
def test_bombs_and_broken_content_are_refused(body: bytes, encoding: str, said: str) -> None:
    """Nothing is unpacked beyond the bound."""
    with pytest.raises(ParseError, match=said):
        inflate(body, encoding, 10_000)
