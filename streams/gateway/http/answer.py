"""JSON answers with an ETag: a client that has the newest is answered with 304."""

from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import web

from streams.gateway.auth.guard import ACCESS
from streams.gateway.http.cors import ANY_ORIGIN


def json_answer(request: web.Request, value: Any) -> web.Response:
    """Answer with a value as JSON."""
    return tagged(request, orjson.dumps(value))


def tagged(request: web.Request, body: bytes, headers: Mapping[str, str] | None = None) -> web.Response:
    """Answer with JSON that is encoded already, or with 304 if the client has it."""
    etag = sha256(body).hexdigest()[:20]
    access = request.get(ACCESS)
    sent = {
        **ANY_ORIGIN,
        "Access-Control-Expose-Headers": "Link, ETag",
        # What a token shows is no shared cache's business.
        "Cache-Control": "private, no-cache" if access is not None and access.token else "no-cache",
        "Vary": "Authorization, Cookie",
        "ETag": f'"{etag}"',
        **(headers or {}),
    }
    if any(tag.value in (etag, "*") for tag in request.if_none_match or ()):
        return web.Response(status=HTTPStatus.NOT_MODIFIED.value, headers=sent)
    return web.Response(body=body, content_type="application/json", headers=sent)
