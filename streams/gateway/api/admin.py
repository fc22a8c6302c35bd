"""Only an administrator: `LIVELINE_ADMIN_TOKEN` as a bearer token, compared in constant time."""

import hmac
from hashlib import sha256
from http import HTTPStatus

from aiohttp import web

from streams.gateway.api.webhooks import Authorize
from streams.gateway.http.problem import Problem


def only_admin(token: str | None) -> Authorize:
    """Return the check; without a token nobody is an administrator."""
    known = sha256(token.encode()).digest() if token else None

    async def authorize(request: web.Request) -> None:
        scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
        digest = sha256(presented.strip().encode("utf-8", "surrogateescape")).digest()
        if known is None or scheme.lower() != "bearer" or not hmac.compare_digest(known, digest):
            detail = "an administrator's token is needed (LIVELINE_ADMIN_TOKEN)"
            raise Problem(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": 'Bearer realm="liveline"'})

    return authorize
