"""Cross-origin reading: what goes out is public, so that any page may read it; nothing here knows cookies."""

from typing import Final

from aiohttp import web

ANY_ORIGIN: Final = {"Access-Control-Allow-Origin": "*"}


async def preflight(_: web.Request) -> web.Response:
    """Answer a browser that asks before it sends `Last-Event-ID` by fetch; EventSource itself never asks."""
    return web.Response(
        status=204,
        headers={
            **ANY_ORIGIN,
            "Access-Control-Allow-Methods": "GET",
            "Access-Control-Allow-Headers": "Last-Event-ID, Cache-Control, If-None-Match",
            "Access-Control-Max-Age": "86400",
        },
    )
