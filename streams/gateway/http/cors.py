"""Cross-origin reading: any page may read what goes out; with the cookie, pages of the origins that are named."""

from collections.abc import Awaitable, Callable, Collection
from typing import Final

from aiohttp import web

ANY_ORIGIN: Final = {"Access-Control-Allow-Origin": "*"}


def cors_headers(origin: str | None, origins: Collection[str]) -> dict[str, str]:
    """Return what lets a page read an answer: any page, and those of named origins with their cookie."""
    if origin is None or origin.lower() not in origins:
        return {**ANY_ORIGIN, **({"Vary": "Origin"} if origins else {})}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}


def allow_origins(origins: Collection[str]) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Return the signal that opens an answer, which any page may read, to the cookies of named origins."""

    async def prepare(request: web.Request, response: web.StreamResponse) -> None:
        if "Access-Control-Allow-Origin" in response.headers:
            headers = cors_headers(request.headers.get("Origin"), origins)
            for vary in headers.pop("Vary", "").split():
                response.headers.add("Vary", vary)
            response.headers.update(headers)

    return prepare


async def preflight(_: web.Request) -> web.Response:
    """Answer a browser that asks before it sends `Last-Event-ID` by fetch; EventSource itself never asks."""
    return web.Response(
        status=204,
        headers={
            **ANY_ORIGIN,
            "Access-Control-Allow-Methods": "GET, HEAD",
            "Access-Control-Allow-Headers": "Authorization, Last-Event-ID, Cache-Control, If-None-Match",
            "Access-Control-Max-Age": "86400",
        },
    )
