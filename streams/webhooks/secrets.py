"""The secrets that deliveries are signed with, as Standard Webhooks writes them: `whsec_` and base64."""

import base64
import binascii
import secrets
from typing import Final

PREFIX: Final = "whsec_"
_NEW_BYTES: Final = 32
_LEAST_BYTES: Final = 24
_MOST_BYTES: Final = 64


def new_secret() -> str:
    """Return a random secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_NEW_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for; raises `ValueError` that says what was expected, never the secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise ValueError(f"expected {PREFIX} and {_LEAST_BYTES} to {_MOST_BYTES} bytes in base64")
    return key
