"""How a process does: its memory and descriptors, and whether it answers strangers meanwhile."""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

import aiohttp

_LOOK_SECONDS: Final = 0.25
_BODY: Final = b'{"id": "%s", "headline": "Pushed", "body_text": "While others attack."}'


@dataclass(frozen=True, slots=True)
class Vitals:
    """Of one moment."""

    resident_kb: int
    descriptors: int


def vitals(pid: int) -> Vitals:
    """Look at a process (Linux)."""
    process = Path(f"/proc/{pid}")
    found = re.search(r"VmRSS:\s+(\d+) kB", process.joinpath("status").read_text())
    assert found is not None, f"process {pid} has ended"
    return Vitals(int(found[1]), sum(1 for _ in process.joinpath("fd").iterdir()))


@dataclass
class Watch:
    """The most that was seen, and what strangers were answered."""

    most_kb: int = 0
    most_descriptors: int = 0
    answers: int = 0
    failures: list[str] = field(default_factory=list)
    slowest_seconds: float = 0.0


@asynccontextmanager
async def watching(pid: int, url: str, source: str, token: str) -> AsyncIterator[Watch]:
    """Look at a process, and ask for its health and push a document in turns, each on a new connection."""
    watch = Watch()
    tasks = [asyncio.create_task(_look(pid, watch)), asyncio.create_task(_ask(url, source, token, watch))]
    try:
        yield watch
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _look(pid: int, watch: Watch) -> None:
    while True:
        found = vitals(pid)
        watch.most_kb = max(watch.most_kb, found.resident_kb)
        watch.most_descriptors = max(watch.most_descriptors, found.descriptors)
        await asyncio.sleep(_LOOK_SECONDS)


async def _ask(url: str, source: str, token: str, watch: Watch) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/vnd.liveline.post+json"}
    connector = aiohttp.TCPConnector(local_addr=("127.30.0.1", 0), force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        while True:
            for method, path, expected in (
                ("GET", "/healthz", 200),
                ("POST", f"/v1/sources/{source}/documents", 202),
            ):
                began = time.monotonic()
                data = _BODY.replace(b"%s", uuid4().hex.encode()) if method == "POST" else None
                try:
                    async with session.request(method, url + path, data=data, headers=headers) as answer:
                        if answer.status != expected:
                            watch.failures.append(f"{method} {path}: {answer.status}")
                except (aiohttp.ClientError, TimeoutError) as error:
                    watch.failures.append(f"{method} {path}: {error!r}")
                watch.answers += 1
                watch.slowest_seconds = max(watch.slowest_seconds, time.monotonic() - began)
            await asyncio.sleep(_LOOK_SECONDS)
