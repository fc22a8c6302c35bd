"""A `liveline gateway` process of its own, to be held on to and attacked."""

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Final, Self

import aiohttp

from schemas import Entry

from chaos.gateways import free_port

SOURCE: Final = "evening-post"
TOKEN: Final = "a-token-of-the-evening-post"  # noqa: S105  (of this test alone)
_NEWSROOM: Final = f"coverages:\n  - id: harbour-fire\n    title: Harbour fire\n    sources:\n      - id: {SOURCE}\n"
_READY_SECONDS: Final = 90


class AttackedGateway:
    """`async with` starts and ends it; `settings` without their `LIVELINE_`."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path, **settings: object) -> None:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._environment = {
            **ours, "LIVELINE_KAFKA": bootstrap, "LIVELINE_TOPIC_PREFIX": prefix, "LIVELINE_PARTITIONS": "1",
            "LIVELINE_BIND": f"127.0.0.1:{self.port}", "LIVELINE_ARCHIVE": f"sqlite:///{folder}/archive.db",
            "LIVELINE_STATE": f"sqlite:///{folder}/state.db", "LIVELINE_LOG_LEVEL": "error",
            "LIVELINE_TOKEN_EVENING_POST": TOKEN,
            **{f"LIVELINE_{name}": str(value) for name, value in settings.items()},
        }  # fmt: skip

    async def __aenter__(self) -> Self:
        """Start."""
        (self._folder / "liveline.yaml").write_text(_NEWSROOM)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "streams", "gateway", cwd=self._folder, env=self._environment
        )
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        return self

    async def __aexit__(self, *_: object) -> None:
        """End it."""
        await self._session.close()
        self._process.terminate()
        await self._process.wait()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    async def ready(self, entry: Entry) -> None:
        """Wait until it answers and has an entry."""
        async with asyncio.timeout(_READY_SECONDS):
            while await self._status(f"/v1/entries/{entry.entry_id}") != 200:
                await asyncio.sleep(0.1)

    async def connections(self) -> int:
        """Return how many connections it has beside the one that asks."""
        async with self._session.get(f"{self.url}/metrics") as answer:
            found = re.search(r"^liveline_gateway_connections ([\d.e+]+)$", await answer.text(), re.MULTILINE)
        assert found is not None
        return int(float(found[1])) - 1

    async def _status(self, path: str) -> int:
        try:
            async with self._session.get(self.url + path) as answer:
                return answer.status
        except aiohttp.ClientError:
            return 0
