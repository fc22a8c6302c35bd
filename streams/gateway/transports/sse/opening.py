"""From a request to an open stream, for entries and alerts alike: a place, the connection, and the answer's head."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.archive import Wanted
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.access import Access
from streams.gateway.http.cors import cors_headers
from streams.gateway.http.problem import Problem
from streams.gateway.transports.sse.connection import SseConnection, Teller
from streams.gateway.transports.sse.encoder import encode_retry
from streams.gateway.transports.takeover import hand_over_slot
from streams.runtime.http import Connections

# Ended by the connection's end, not chunked: one `bytes` is right for every client, HTTP/1.0 proxies included.
_HEAD: Final = (
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/event-stream; charset=utf-8\r\n"
    "Cache-Control: no-store\r\n"
    "X-Accel-Buffering: no\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n"
)


def open_connection(
    teller: Teller,
    request: web.Request,
    wanted: Wanted,
    access: Access,
    *,
    config: GatewayConfig,
    connections: Connections,
    alerts: bool = False,
) -> SseConnection:
    """Take the connection over from aiohttp and write the head; raises a 503 or 429 where there is no place."""
    if len(teller.connected) >= config.max_subscribers:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            f"this gateway has its {config.max_subscribers:,} subscribers",
            {"Retry-After": str(config.retry_after)},
        )
    connection = SseConnection(teller, wanted, access, backlog=config.backlog_bytes, alerts=alerts)
    release = hand_over_slot(request, connections, config.retry_after)
    try:
        connection.take_over(request, release)
    except ConnectionResetError:
        release()
        raise
    if access.expires_at is not None:
        connection.ends_in((access.expires_at - config.clock()).total_seconds())
    # For a page of one of these origins, too.
    allowed = cors_headers(request.headers.get("Origin"), config.origins)
    head = _HEAD + "".join(f"{name}: {value}\r\n" for name, value in allowed.items()) + "\r\n"
    connection.write(head.encode() + encode_retry(config.retry_ms))
    return connection
