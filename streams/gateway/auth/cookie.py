"""A page's address with a token in it becomes a cookie and the same address without it."""

from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from streams.gateway.auth.access import Access
from streams.gateway.auth.bearer import COOKIE, QUERY


def to_cookie(request: web.Request, access: Access, now: datetime, *, secure: bool) -> web.Response:
    """Return the redirect; a history, a bookmark and a referrer then hold no token."""
    # The path and what follows it, never a host: a request's target may name another one.
    place = request.rel_url.relative() if request.rel_url.absolute else request.rel_url
    response = web.Response(
        status=HTTPStatus.SEE_OTHER.value,
        headers={
            "Location": str(place.without_query_params(QUERY)),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        },
    )
    response.set_cookie(
        COOKIE,
        request.query[QUERY],
        path="/",
        httponly=True,
        samesite="Strict",
        secure=secure,
        max_age=None if access.expires_at is None else max(0, int((access.expires_at - now).total_seconds())),
    )
    return response
