"""Heads of one endless line, of endlessly many lines, and requests with endless targets."""

import asyncio
from collections import Counter
from typing import Final

from chaos.attacks.connect import Source, at_once, connected

_BEGINNINGS: Final = (
    (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ", b"b" * 16_384),
    (b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"X-A: b\r\n" * 2_048),
    (b"GET /", b"a" * 16_384),
)
_MOST_BYTES: Final = 4 * 1024 * 1024
"""Sent on one connection at most."""
_PATIENCE_SECONDS: Final = 20


async def endless_heads(source: Source, count: int) -> dict[str, int]:
    """Return how many were answered with each status, or were `cut`; `waiting`: nothing became of them."""
    told: Counter[str] = Counter()

    async def one(number: int) -> None:
        reader, writer = await connected(source)
        beginning, piece = _BEGINNINGS[number % len(_BEGINNINGS)]
        answer = asyncio.create_task(reader.read(12))
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                writer.write(beginning)
                for _ in range(_MOST_BYTES // len(piece)):
                    if answer.done():
                        break
                    writer.write(piece)
                    await writer.drain()
                status = (await answer)[9:12].decode()
            told[status or "cut"] += 1
        except ConnectionError:
            told["cut"] += 1
        except TimeoutError:
            told["waiting"] += 1
        answer.cancel()
        writer.transport.abort()

    await at_once(one, count)
    return dict(told)
