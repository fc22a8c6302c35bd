"""Every transport's behaviour on a real Kafka."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from delivery_behaviour import DeliveryBehaviour, Start
from gateway_harness import Bench, a_bench

from schemas import Entry

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka


class OnKafka:
    """See `delivery_behaviour.Gateway`."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._bench.server.url

    async def publish(self, entries: Sequence[Entry]) -> None:
        """Write in one transaction, after one that is aborted."""
        await self._bench.worker.publish(entries[:1], abort=True)
        await self._bench.worker.publish(entries)

    async def held(self, entry: Entry) -> None:
        """Wait until the gateway has read a revision."""
        await self._bench.holds(entry)

    async def metrics(self) -> str:
        """Return its metrics."""
        return await (await self._bench.get("/metrics", headers={"Connection": "close"})).text()

    async def stop(self) -> None:
        """End the gateway."""
        await self._bench.stop()

    async def start(self) -> None:
        """Start it again."""
        await self._bench.start()


@pytest.fixture
def start(kafka: RealKafka, tmp_path: Path) -> Start:
    """Return what starts a gateway over topics of its own."""

    @asynccontextmanager
    async def gateway(**options: Any) -> AsyncIterator[OnKafka]:
        async with a_bench(kafka.bootstrap, tmp_path, **options) as bench:
            await bench.ready()
            yield OnKafka(bench)

    return gateway


class TestOnKafka(DeliveryBehaviour):
    """In transactions, some of which are aborted."""
