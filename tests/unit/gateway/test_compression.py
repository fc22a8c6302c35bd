"""Which coding an answer gets."""

import pytest

from streams.gateway.http.compression import choose


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("BR", "br"),
        ("gzip;q=0", None),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("gzip;q=nonsense", None),
        ("deflate", None),
    ],
)
def test_the_client_chooses(accepted: str, coding: str | None) -> None:
    """By weights; br of equals, none if it does not say that it takes one."""
    assert choose(accepted) == coding
