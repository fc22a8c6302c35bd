"""A connection taken over from aiohttp, with all that aiohttp keeps for a request; its slot goes with it."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from aiohttp import web

from streams.gateway.http.problem import Problem
from streams.runtime.http import Connections, slot_of
from streams.runtime.http.client_address import client_address


def take_over(request: web.Request, protocol: asyncio.Protocol) -> asyncio.Transport:
    """Give a request's connection to another protocol; raises `ConnectionResetError` where the client has left."""
    before, transport = request.protocol, request.transport
    if transport is None:
        raise ConnectionResetError("the client left")
    transport.set_protocol(protocol)
    # As if the client had gone, without the transport, which would be closed.
    before.transport = None
    before.connection_lost(None)
    return transport


def early_bytes(request: web.Request) -> bytes:
    """Return what came right behind a request that upgrades its connection: aiohttp keeps it for a protocol of its own.

    RFC 6455 wants clients to wait for the answer; of one that does not, half a frame must not be lost.
    """
    return bytes(getattr(request.protocol, "_message_tail", b""))


def hand_over_slot(request: web.Request, connections: Connections, retry_after: int) -> Callable[[], None]:
    """Return what gives the connection's slot back; raises a 429 where a proxy's client has all it may have."""
    connection = slot_of(request)
    if connection is None or connection.slot is None:
        return lambda: None
    slot = connection.slot
    forwarded = request.headers.getall("X-Forwarded-For", [])
    client = client_address(slot.peer, forwarded, connections.limits.trusted)
    if not connections.count_as(slot, client):
        raise Problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"this address has the {connections.limits.per_address:,} connections that it may have",
            {"Retry-After": str(retry_after)},
        )
    return connection.hand_over()
