"""Bodies within a bound."""

import gzip
import zlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.ingest.body import BodyCodingError, BodyTooLargeError, read_body

LIMIT = 1000


def raw_deflate(body: bytes) -> bytes:
    """Return what some clients call deflate."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS = {"": bytes, "gzip": gzip.compress, "deflate": zlib.compress}


async def chunks(body: bytes, size: int) -> AsyncIterator[bytes]:
    """Return a body in pieces."""
    for at in range(0, len(body), size):
        yield body[at : at + size]


@given(st.binary(max_size=LIMIT), st.sampled_from(sorted(PACKERS)), st.integers(1, 400))
async def test_a_body_comes_out_as_it_was_packed(body: bytes, coding: str, size: int) -> None:
    """However it is cut into chunks, up to and including the limit."""
    if body or not coding:
        assert await read_body(chunks(PACKERS[coding](body), size), coding, LIMIT) == body


async def test_raw_deflate_is_understood() -> None:
    """The standard means zlib's format; browsers and servers have always taken both."""
    assert await read_body(chunks(raw_deflate(b"text" * 20), 7), "deflate", LIMIT) == b"text" * 20


@pytest.mark.parametrize("coding", sorted(PACKERS))
async def test_a_body_over_the_limit_is_refused(coding: str) -> None:
    """One byte too many is too many, also when it is small before it is inflated."""
    for length in (LIMIT + 1, 50_000_000 if coding else 5000):
        with pytest.raises(BodyTooLargeError):
            await read_body(chunks(PACKERS[coding](bytes(length)), 4096), coding, LIMIT)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("body", [b"", b"plain text", b"\x78\x9c\xff\xff", gzip.compress(b"x" * 50, mtime=0)[:-4]])
async def test_a_body_that_is_not_in_its_coding_is_refused(coding: str, body: bytes) -> None:
    """Garbage, a cut body and none at all are told, not stored."""
    with pytest.raises(BodyCodingError):
        await read_body(chunks(body, 64), coding, LIMIT)


async def test_nothing_may_follow_a_packed_body() -> None:
    """A second member or stray bytes would be dropped silently."""
    with pytest.raises(BodyCodingError, match="follow"):
        await read_body(chunks(gzip.compress(b"x") + b"y", 64), "gzip", LIMIT)
