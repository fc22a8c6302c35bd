"""WebSocket frames that say they are a terabyte, and messages of endlessly many fragments."""

import asyncio
from collections import Counter
from typing import Final

from chaos.attacks.connect import Source, at_once, connected

_HANDSHAKE: Final = (
    b"GET /v1/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
_PIECE_BYTES: Final = 16_384
_TERABYTE: Final = b"\x81\xff" + (2**40).to_bytes(8, "big") + bytes(4)
_FRAGMENT: Final = b"\xfe" + _PIECE_BYTES.to_bytes(2, "big") + bytes(4) + b"a" * _PIECE_BYTES
_MOST_BYTES: Final = 4 * 1024 * 1024
_PATIENCE_SECONDS: Final = 20
_CLOSE: Final = 0x88


async def huge_frames(source: Source, count: int) -> dict[str, int]:
    """Return how many were closed with each code, or were `cut` without one."""
    told: Counter[str] = Counter()

    async def one(number: int) -> None:
        reader, writer = await connected(source)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                writer.write(_HANDSHAKE)
                await reader.readuntil(b"\r\n\r\n")
                told[await _flood(reader, writer, terabyte=bool(number % 2))] += 1
        except (ConnectionError, asyncio.IncompleteReadError):
            told["cut"] += 1
        except TimeoutError:
            told["waiting"] += 1
        writer.transport.abort()

    await at_once(one, count)
    return dict(told)


async def _flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, terabyte: bool) -> str:
    answer = asyncio.create_task(reader.readexactly(4))
    try:
        writer.write(_TERABYTE if terabyte else b"\x01" + _FRAGMENT)
        for _ in range(_MOST_BYTES // _PIECE_BYTES):
            if answer.done():
                break
            writer.write(b"a" * _PIECE_BYTES if terabyte else b"\x00" + _FRAGMENT)
            await writer.drain()
            await asyncio.sleep(0)
        head = await answer
        return str(int.from_bytes(head[2:], "big")) if head[0] == _CLOSE else "no close"
    finally:
        answer.cancel()
