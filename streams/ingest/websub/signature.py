"""`X-Hub-Signature`: whether a hub that knows our secret sent this."""

import hmac
from typing import Final

METHODS: Final = ("sha1", "sha256", "sha384", "sha512")
"""Those of the Recommendation. SHA-1 is what most hubs still send; as an HMAC it is not known to be broken."""


def is_signed(header: str | None, secret: str, body: bytes) -> bool:
    """Say whether `method=hexadecimal` is the body's signature; compared in constant time."""
    method, _, digest = (header or "").strip().partition("=")
    method = method.lower()
    if method not in METHODS:
        return False
    expected = hmac.new(secret.encode(), body, method).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.strip().lower().encode("utf-8", "surrogateescape"))
