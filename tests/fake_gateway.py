"""A real gateway, with real connections, over a log in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from gateway_harness import NEWSROOM, TOKENS
from prometheus_client import CollectorRegistry

from schemas import Entry
from streams.bootstrap.gateway_server import GatewayServer
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.access import Authority
from streams.testing.entry_log import FakeLog, FakeTopic


class FakeGateway:
    """See `delivery_behaviour.Gateway`."""

    def __init__(self, folder: Path, options: dict[str, Any], authority: Authority | None = None) -> None:
        self.authority = authority
        self.topic = FakeTopic(partitions=3)
        self.alerts = FakeTopic(partitions=3, name="fake.alerts")
        self._folder, self.options = folder, options
        self.server: GatewayServer

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.server.url

    async def publish(self, entries: Sequence[Entry]) -> None:
        """Write to the partition of each entry's coverage."""
        for entry in entries:
            self.topic.append(entry.to_json(), len(entry.coverage_id) % self.topic.partitions)
        await asyncio.sleep(0)

    async def held(self, entry: Entry) -> None:
        """Wait until the gateway has read a revision."""
        async with asyncio.timeout(30), aiohttp.ClientSession() as session:
            while True:
                async with session.get(f"{self.url}/v1/entries/{entry.entry_id}") as answer:
                    if answer.status == 200 and (await answer.json())["revision"] >= entry.revision:
                        return
                await asyncio.sleep(0.01)

    async def metrics(self) -> str:
        """Return its metrics; each call is a connection of its own that ends with it."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.url}/metrics", headers={"Connection": "close"}) as answer,
        ):
            return await answer.text()

    async def start(self) -> None:
        """Start it, with the archive of the last one."""

        async def identity() -> str:
            return "the log"

        config = GatewayConfig(
            kafka={"bootstrap_servers": "127.0.0.1:1"},  # nothing listens there: nothing is pushed
            log_identity=identity,
            archive=f"sqlite:///{self._folder}/archive.db",
            newsroom=NEWSROOM,
            tokens=TOKENS,
            registry=CollectorRegistry(),
            **{"port": 0, **self.options},
        )
        self.server = GatewayServer(
            config,
            make_log=lambda: FakeLog(self.topic),
            authority=self.authority,
            make_alert_log=lambda: FakeLog(self.alerts),
        )
        await self.server.__aenter__()

    async def stop(self) -> None:
        """Stop it."""
        await self.server.__aexit__()


def gateways(
    folder: Path, authority: Authority | None = None
) -> Callable[..., AbstractAsyncContextManager[FakeGateway]]:
    """Return what starts gateways."""

    @asynccontextmanager
    async def start(**options: Any) -> AsyncIterator[FakeGateway]:
        gateway = FakeGateway(folder, options, authority)
        await gateway.start()
        try:
            yield gateway
        finally:
            await gateway.stop()

    return start
