"""Two `liveline gateway` processes on one archive, ended and started again on their ports."""

import asyncio
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import aiohttp

from schemas import Entry

_READY_SECONDS = 90


class Gateways:
    """`async with` starts two and ends them."""

    def __init__(self, bootstrap: str, prefix: str, partitions: int, archive: str, folder: Path) -> None:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
        self._environment = {
            **ours, "LIVELINE_KAFKA": bootstrap, "LIVELINE_TOPIC_PREFIX": prefix,
            "LIVELINE_PARTITIONS": str(partitions), "LIVELINE_ARCHIVE": archive, "LIVELINE_LOG_LEVEL": "warning",
            "LIVELINE_STATE": f"sqlite:///{folder}/state.db",
        }  # fmt: skip
        self._folder = folder
        self._ports = [free_port(), free_port()]
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self.urls = [f"http://127.0.0.1:{port}" for port in self._ports]

    async def __aenter__(self) -> Self:
        """Start both at once."""
        await asyncio.gather(self.start(0), self.start(1))
        return self

    async def __aexit__(self, *_: object) -> None:
        """End both."""
        for number in list(self._processes):
            await self.end(number, hard=False)

    async def start(self, number: int) -> None:
        """Start one; it listens a moment later."""
        self._processes[number] = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "streams", "gateway", cwd=self._folder,
            env={**self._environment, "LIVELINE_BIND": f"127.0.0.1:{self._ports[number]}"},
        )  # fmt: skip

    async def end(self, number: int, *, hard: bool) -> None:
        """End one, by kill -9 or in good order."""
        process = self._processes.pop(number)
        if hard:
            process.kill()
        else:
            process.terminate()
        await process.wait()

    async def ready(self, entries: Sequence[Entry]) -> None:
        """Wait until those that run are ready and have these entries."""
        async with asyncio.timeout(_READY_SECONDS), aiohttp.ClientSession() as session:
            for number in list(self._processes):
                for entry in entries:
                    while not await _has(session, self.urls[number], entry):
                        await asyncio.sleep(0.1)


async def _has(session: aiohttp.ClientSession, url: str, entry: Entry) -> bool:
    try:
        async with session.get(f"{url}/v1/entries/{entry.entry_id}") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
