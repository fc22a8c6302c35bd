"""The opening handshake (RFC 6455, 4.2)."""

import base64
import binascii
from hashlib import sha1
from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.gateway.http.problem import Problem

SUBPROTOCOL: Final = "liveline.v1"
_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_VERSION: Final = "13"
_KEY_BYTES: Final = 16


def accept(request: web.Request) -> bytes:
    """Return the answer that makes the connection a WebSocket; raises a 426 or a 400 that says what is missing."""
    upgrades = _tokens(request, "Upgrade")
    if "websocket" not in upgrades or "upgrade" not in _tokens(request, "Connection"):
        raise Problem(
            HTTPStatus.UPGRADE_REQUIRED,
            "this is a WebSocket; expected `Connection: Upgrade` and `Upgrade: websocket`",
            {"Upgrade": "websocket", "Connection": "Upgrade"},
        )
    if (version := request.headers.get("Sec-WebSocket-Version", "")) != _VERSION:
        raise Problem(
            HTTPStatus.UPGRADE_REQUIRED,
            f"Sec-WebSocket-Version is {version[:20]!r}; expected {_VERSION}",
            {"Sec-WebSocket-Version": _VERSION, "Upgrade": "websocket", "Connection": "Upgrade"},
        )
    key = request.headers.get("Sec-WebSocket-Key", "")
    if not _is_key(key):
        raise Problem(HTTPStatus.BAD_REQUEST, f"Sec-WebSocket-Key is no base64 of {_KEY_BYTES} bytes")
    offered = [
        each.strip() for header in request.headers.getall("Sec-WebSocket-Protocol", ()) for each in header.split(",")
    ]
    if offered and SUBPROTOCOL not in offered:
        raise Problem(
            HTTPStatus.BAD_REQUEST, f"Sec-WebSocket-Protocol is {', '.join(offered)[:100]!r}; expected {SUBPROTOCOL}"
        )
    digest = base64.b64encode(sha1(key.encode() + _GUID).digest()).decode()  # noqa: S324  (the RFC's own; no secret)
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {digest}",
        # A client that offers none may be one by hand; a protocol that was not offered would be an error to it.
        *([f"Sec-WebSocket-Protocol: {SUBPROTOCOL}"] if offered else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _tokens(request: web.Request, name: str) -> set[str]:
    return {token.strip().lower() for header in request.headers.getall(name, ()) for token in header.split(",")}


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == _KEY_BYTES
    except (binascii.Error, ValueError):
        return False
