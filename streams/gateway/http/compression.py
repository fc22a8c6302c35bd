"""Large answers of text go out in the coding that the client takes: br or gzip."""

import asyncio
import zlib
from typing import Final

import brotli
from aiohttp import web
from aiohttp.typedefs import Handler

LEAST_BYTES: Final = 1024
"""What is smaller fits one packet as it is."""
_IN_A_THREAD_BYTES: Final = 32 * 1024
"""What is larger takes longer than a subscriber should wait for the loop."""
_BROTLI_QUALITY: Final = 4
_GZIP_LEVEL: Final = 6
_GZIP_WINDOW: Final = zlib.MAX_WBITS | 16


@web.middleware
async def compress(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Compress an answer of JSON, XML or text, pages and scripts; streams and what is encoded already pass through."""
    answer = await handler(request)
    if not isinstance(answer, web.Response) or not _is_text(answer.content_type):
        return answer
    body = answer.body
    if not isinstance(body, bytes) or len(body) < LEAST_BYTES or "Content-Encoding" in answer.headers:
        return answer
    answer.headers.add("Vary", "Accept-Encoding")
    coding = choose(request.headers.get("Accept-Encoding", ""))
    if coding is None:
        return answer
    encode = _brotli if coding == "br" else _gzip
    answer.body = await asyncio.to_thread(encode, body) if len(body) > _IN_A_THREAD_BYTES else encode(body)
    answer.headers["Content-Encoding"] = coding
    if etag := answer.headers.get("ETag"):
        # The same content in other bytes (RFC 9110, 8.8.1); If-None-Match compares weakly.
        answer.headers["ETag"] = etag if etag.startswith("W/") else f"W/{etag}"
    return answer


def choose(accepted: str) -> str | None:
    """Return the coding that an `Accept-Encoding` prefers, br of equals, or None for none."""
    weights = dict(_weights(accepted))
    other = weights.get("*", 0.0)
    offered = {"br": weights.get("br", other), "gzip": weights.get("gzip", weights.get("x-gzip", other))}
    best = max(offered, key=lambda coding: offered[coding])
    plain = weights.get("identity", 0.0)
    return best if offered[best] > 0 and offered[best] >= plain else None


def _weights(accepted: str) -> list[tuple[str, float]]:
    found = []
    for part in accepted.split(","):
        coding, _, parameter = part.partition(";")
        name, _, value = parameter.partition("=")
        try:
            weight = float(value) if name.strip().lower() == "q" else 1.0
        except ValueError:
            weight = 0.0
        found.append((coding.strip().lower(), weight))
    return found


def _is_text(media_type: str) -> bool:
    return media_type.endswith(("/json", "+json", "/xml", "+xml")) or media_type.startswith("text/")


def _brotli(body: bytes) -> bytes:
    encoded: bytes = brotli.compress(body, quality=_BROTLI_QUALITY)
    return encoded


def _gzip(body: bytes) -> bytes:
    return zlib.compress(body, _GZIP_LEVEL, _GZIP_WINDOW)
