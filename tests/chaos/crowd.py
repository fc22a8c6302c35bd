"""A client process that holds very many connections, and attacks when told to: a JSON command a line, an answer a line.

`Crowd` is its end in the test's process; `python -m chaos.crowd PORT NUMBER` is the process itself.
"""

import asyncio
import contextlib
import os
import re
import resource
import socket
import sys
import time
from array import array
from collections import Counter
from pathlib import Path
from typing import Any, Final, Self

import orjson
import uvloop

from chaos.attacks import ATTACKS
from chaos.attacks.connect import at_once

_ROOT: Final = Path(__file__).resolve().parents[2]
_ENTRY: Final = re.compile(rb'"headline":"Update (\d+) at (\d+)"')
_STREAM: Final = b"GET /v1/stream%s HTTP/1.1\r\nHost: x\r\n\r\n"
WEBSOCKET: Final = (
    b"GET /v1/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
_PONG: Final = b"\x8a\x80\0\0\0\0"
_ADDRESSES: Final = 20
"""From which a process holds its connections: each far below what one address may have."""
_SEGMENT_BYTES: Final = 536
_UNREAD_BYTES: Final = 4096
"""Of one that stalls; on loopback's own figures megabytes would wait in the kernel, as over no real network."""
_BEGIN_SECONDS: Final = 120


class Reader(asyncio.Protocol):
    """One subscriber that reads all; notes each entry's number and its delay."""

    def __init__(self, request: bytes, delays: Counter[int]) -> None:
        self._request = request
        self._delays = delays
        self._rest = b""
        self._split = self._head
        self.numbers = array("I")
        self.live: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: Any) -> None:
        """Ask."""
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take whole events out of what has come."""
        self._rest += data
        while (event := self._split()) is not None:
            if (found := _ENTRY.search(event)) is not None:
                self.numbers.append(int(found[1]))
                self._delays[(time.monotonic_ns() // 1000 - int(found[2])) // 1000] += 1
            elif not self.live.done() and (event.startswith((b"id: ", b":\nid: ")) or b'"type":"live"' in event):
                self.live.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncio's own)
        """Note it; whoever waits for the beginning is told."""
        self.lost = True
        if not self.live.done():
            self.live.set_exception(ConnectionError(f"ended before it was live: {self._rest[:200]!r}"))

    def _head(self) -> bytes | None:
        head, end, rest = self._rest.partition(b"\r\n\r\n")
        if not end:
            return None
        websocket = head.startswith(b"HTTP/1.1 101")
        if not websocket and not head.startswith(b"HTTP/1.1 200"):
            self.transport.abort()
            return None
        self._rest = rest
        if websocket:
            self.transport.write(text_frame({"type": "subscribe", "subscription": "a"}))
        self._split = self._frame if websocket else self._event
        return b""

    def _event(self) -> bytes | None:
        event, end, rest = self._rest.partition(b"\n\n")
        if not end:
            return None
        self._rest = rest
        return event

    def _frame(self) -> bytes | None:
        begin = 2
        if len(self._rest) < begin:
            return None
        size = self._rest[1]
        if size >= 126:
            begin += 2 if size == 126 else 8
            size = int.from_bytes(self._rest[2:begin], "big")
        if len(self._rest) < begin + size:
            return None
        opcode, frame = self._rest[0] & 15, self._rest[begin : begin + size]
        self._rest = self._rest[begin + size :]
        if opcode == 9:
            self.transport.write(_PONG)
        return frame


def text_frame(message: dict[str, Any]) -> bytes:
    """Return a client's text frame, masked with zeros; up to 125 bytes."""
    text = orjson.dumps(message)
    return bytes((0x81, 0x80 | len(text))) + bytes(4) + text


class Holder:
    """The process: its connections, and what it is told to do."""

    def __init__(self, port: int, number: int) -> None:
        self._port = port
        self._number = number
        self._delays: Counter[int] = Counter()
        self._readers: list[Reader] = []
        self._stalled: list[socket.socket] = []

    async def do(self, command: dict[str, Any]) -> Any:
        """Do what is asked; returns the answer."""
        match command.pop("do"):
            case "hold":
                return await self._hold(**command)
            case "stall":
                return await self._stall(**command)
            case "attack":
                attack = ATTACKS[command.pop("name")]
                return await attack((f"127.{20 + self._number}.0.1", self._port), **command)
            case "delays":
                found = dict(self._delays)
                self._delays.clear()
                return [[ms, count] for ms, count in found.items()]
            case "received":
                return self._received(**command)
            case "leave":
                for reader in self._readers:
                    reader.transport.abort()
                return None

    async def _hold(self, count: int, *, websocket: bool) -> None:
        request = WEBSOCKET if websocket else _STREAM % b""
        loop = asyncio.get_running_loop()

        async def one(_: int) -> None:
            reader = Reader(request, self._delays)
            self._readers.append(reader)
            await loop.create_connection(
                lambda: reader, "127.0.0.1", self._port, local_addr=(self._address(len(self._readers)), 0)
            )
            await reader.live

        async with asyncio.timeout(_BEGIN_SECONDS):
            await at_once(one, count)

    async def _stall(self, count: int) -> None:
        """Connect and ask, over both transports, for the current state or for what comes; never read."""

        async def one(number: int) -> None:
            found = socket.socket()
            self._stalled.append(found)
            found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _UNREAD_BYTES)
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT_BYTES)
            found.setblocking(False)  # noqa: FBT003  (the socket's own)
            found.bind((self._address(number), 0))
            loop = asyncio.get_running_loop()
            await loop.sock_connect(found, ("127.0.0.1", self._port))
            replay = {"replay": "latest"} if number // 2 % 2 else {}
            if number % 2:
                query = b"?replay=latest" if replay else b""
                await loop.sock_sendall(found, _STREAM % query)
            else:
                frame = text_frame({"type": "subscribe", "subscription": "a", **replay})
                await loop.sock_sendall(found, WEBSOCKET + frame)

        await at_once(one, count)

    def _received(self, count: int) -> dict[str, int]:
        """Say how many have not yet exactly the entries from 0 to `count` in order, and how many were cut."""
        exactly = array("I", range(count))
        return {
            "behind": sum(len(each.numbers) < count for each in self._readers),
            "wrong": sum(each.numbers != exactly for each in self._readers),
            "lost": sum(each.lost for each in self._readers),
        }

    def _address(self, number: int) -> str:
        return f"127.{10 + self._number}.0.{1 + number % _ADDRESSES}"


class Crowd:
    """The process, as the test has it; `async with` starts and ends it."""

    def __init__(self, port: int, number: int) -> None:
        self._arguments = (str(port), str(number))
        self._process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        """Start."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "chaos.crowd", *self._arguments,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**22,
            env={**os.environ, "PYTHONPATH": f"{_ROOT / 'tests'}{os.pathsep}{_ROOT}"},
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        """End it, and all its connections."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.communicate()

    async def do(self, what: str, **options: Any) -> Any:
        """Have something done, and return what came of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps({"do": what, **options}) + b"\n")
        answer = await self._process.stdout.readline()
        assert answer, f"the client process ended at {what} {options}"
        return orjson.loads(answer)


async def serve(port: int, number: int) -> None:
    """Do as the lines of the standard input say."""
    holder = Holder(port, number)
    while line := await asyncio.to_thread(sys.stdin.buffer.readline):
        answer = await holder.do(orjson.loads(line))
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(int(sys.argv[1]), int(sys.argv[2])))
