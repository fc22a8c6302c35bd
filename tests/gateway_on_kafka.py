"""A gateway on a real Kafka, as the behaviour suites see it."""

from collections.abc import Sequence

from gateway_harness import Bench

from schemas import Entry


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
