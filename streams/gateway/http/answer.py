"""JSON answers with an ETag: who has them already is told so in a line."""

from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus

from aiohttp import web

from streams.gateway.http.cors import ANY_ORIGIN


def tagged(request: web.Request, body: bytes, headers: Mapping[str, str] | None = None) -> web.Response:
    """Answer with JSON that is encoded already, or with 304 if the client has it."""
    etag = sha256(body).hexdigest()[:20]
    sent = {
        **ANY_ORIGIN,
        "Access-Control-Expose-Headers": "Link, ETag",
        "Cache-Control": "no-cache",
        "ETag": f'"{etag}"',
        **(headers or {}),
    }
    if any(tag.value in (etag, "*") for tag in request.if_none_match or ()):
        return web.Response(status=HTTPStatus.NOT_MODIFIED.value, headers=sent)
    return web.Response(body=body, content_type="application/json", headers=sent)
