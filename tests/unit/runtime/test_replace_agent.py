"""A worker replaces one of its agents while it runs."""

import asyncio
from typing import Any, cast

import pytest

from streams.runtime.agent_host import Identity
from streams.runtime.metrics import WorkerMetrics
from streams.runtime.worker import Hosted, Worker


class Host:
    """What a worker needs of an agent's host."""

    def __init__(self, group: str, error: Exception | None = None) -> None:
        self.identity = Identity("entries", group, "raw")
        self.failure: BaseException | None = None
        self.life: list[str] = []
        self._error = error
        self._over = asyncio.Event()

    async def start(self) -> None:
        """Start, or fail."""
        self.life.append("started")
        if self._error:
            raise self._error

    async def stop(self) -> None:
        """Stop."""
        self.life.append("stopped")
        self._over.set()

    async def wait(self) -> None:
        """Return when it has stopped."""
        await self._over.wait()

    def not_ready(self) -> str | None:
        """Return that it is at work."""
        return None


def hosted(host: Host) -> Hosted:
    """Return a host as a worker takes it."""
    return Hosted(cast("Any", host))


async def running(host: Host) -> tuple[Worker, "asyncio.Task[None]"]:
    """Return a worker that runs, and the wait for its end."""
    worker = Worker(WorkerMetrics(), shutdown_seconds=5, bind=None)
    worker.host(hosted(host))
    await worker.start()
    waiting = asyncio.create_task(worker.wait())
    await asyncio.sleep(0)
    return worker, waiting


async def test_a_worker_lives_on_over_a_replacement() -> None:
    """The former agent stops before the other starts; the worker ends when it is told to."""
    former, other = Host("a"), Host("b")
    worker, waiting = await running(former)

    await worker.replace("entries", hosted(other))
    await asyncio.sleep(0.01)

    assert (former.life, other.life) == (["started", "stopped"], ["started"])
    assert [host.identity.group for host in worker.hosts] == ["b"]
    assert not waiting.done()
    worker.tell()
    async with asyncio.timeout(5):
        await waiting
    await worker.stop()
    assert other.life == ["started", "stopped"]


async def test_one_that_does_not_start_leaves_its_place_free() -> None:
    """It is let go of, and the next try may succeed; the worker goes on meanwhile."""
    former, failing, other = Host("a"), Host("b", OSError("no broker")), Host("c")
    worker, waiting = await running(former)

    with pytest.raises(OSError, match="no broker"):
        await worker.replace("entries", hosted(failing))
    assert (failing.life, worker.hosts) == (["started", "stopped"], [])
    await worker.replace("entries", hosted(other))
    await asyncio.sleep(0.01)

    assert not waiting.done()
    worker.tell()
    async with asyncio.timeout(5):
        await waiting
    await worker.stop()


async def test_an_agent_that_stops_by_itself_ends_the_worker() -> None:
    """With what crashed it."""
    host = Host("a")
    worker, waiting = await running(host)

    host.failure = RuntimeError("crashed")
    await host.stop()

    with pytest.raises(RuntimeError, match="crashed"):
        async with asyncio.timeout(5):
            await waiting
    await worker.stop()
