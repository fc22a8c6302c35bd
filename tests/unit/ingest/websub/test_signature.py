"""Signatures of deliveries."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.ingest.websub.signature import METHODS, is_signed

BODY = b"<feed/>"
SECRET = "s3cret"  # noqa: S105


def sign(method: str, secret: str = SECRET, body: bytes = BODY) -> str:
    """Return the header as a hub writes it."""
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


def test_rfc_4231s_second_case() -> None:
    """The digest is HMAC's, not only our own idea of it."""
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"

    assert is_signed(f"sha256={digest}", "Jefe", b"what do ya want for nothing?")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_the_recommendation_is_read(method: str) -> None:
    """In either case of its letters."""
    assert is_signed(sign(method), SECRET, BODY)
    assert is_signed(sign(method).upper(), SECRET, BODY)


@pytest.mark.parametrize(
    "header",
    [
        None, "", "sha256", "sha256=", sign("sha256").partition("=")[2], sign("sha256", "other"),
        sign("sha256", body=b"<feed />"), sign("sha256")[:-1], sign("sha256") + "0", sign("md5"),
        sign("sha1").replace("sha1", "sha256"), "sha256=\udcff", "sha3_256=" + "0" * 64,
    ],
)  # fmt: skip
def test_anything_else_is_no_signature(header: str | None) -> None:
    """Missing, of another secret or body, cut, or of a method that hubs may not use."""
    assert not is_signed(header, SECRET, BODY)


@given(st.binary(), st.text(st.characters(codec="utf-8"), min_size=1), st.sampled_from(METHODS), st.binary(min_size=1))
def test_only_the_very_body_is_signed(body: bytes, secret: str, method: str, more: bytes) -> None:
    """One byte more is another body."""
    header = sign(method, secret, body)

    assert is_signed(header, secret, body)
    assert not is_signed(header, secret, body + more)
