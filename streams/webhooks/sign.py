"""The headers of a delivery (Standard Webhooks 1.0): its id, the attempt's time, and a signature for each secret."""

import base64
import hmac
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from streams.webhooks.secrets import key_of


def signed_headers(message_id: str, at: datetime, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """Return the headers that prove where a body comes from; while a secret is changed, both sign."""
    timestamp = str(int(at.timestamp()))
    text = b".".join((message_id.encode(), timestamp.encode(), body))
    signatures = (base64.b64encode(hmac.digest(key_of(secret), text, sha256)).decode() for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
