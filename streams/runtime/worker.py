"""A worker's life: its agents start together, and what ends one of them ends all."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiokafka.errors import InvalidProducerEpoch, ProducerFenced

from streams.runtime.agent_host import AgentHost
from streams.runtime.http.health import HealthServer
from streams.runtime.metrics import WorkerMetrics

log = structlog.get_logger(__name__)

Prepare = Callable[[], Awaitable[None]]


class Worker:
    """Several agents in one process; `bootstrap.worker.create_app` makes it."""

    def __init__(self, metrics: WorkerMetrics, *, shutdown_seconds: float, bind: tuple[str, int] | None) -> None:
        """Take where health and metrics are answered, if anywhere; nothing connects before the start."""
        self.metrics = metrics
        self.failure: Exception | None = None
        """Why the worker stops by itself."""
        self.hosts: list[AgentHost[Any]] = []
        self._steps: list[tuple[Prepare | None, Prepare | None]] = []
        self._shutdown_seconds = shutdown_seconds
        self._stopping = asyncio.Event()
        self._health = HealthServer(*bind, metrics.registry, self.not_ready) if bind else None

    def host(self, host: AgentHost[Any], *, before: Prepare | None = None, meanwhile: Prepare | None = None) -> None:
        """Run one more agent; some things are done before it joins its group, others while it does."""
        self.hosts.append(host)
        self._steps.append((before, meanwhile))

    async def start(self) -> None:
        """Join the groups; partitions are taken over as they are assigned."""
        asyncio.get_running_loop().set_exception_handler(_quiet_about_fences)
        if self._health:
            await self._health.start()
        await asyncio.gather(*(before() for before, _ in self._steps if before))
        await asyncio.gather(
            *(host.start() for host in self.hosts), *(meanwhile() for _, meanwhile in self._steps if meanwhile)
        )

    async def wait(self) -> None:
        """Return when the worker is told to stop, or raise why it can't go on."""
        waits = [asyncio.ensure_future(host.wait()) for host in self.hosts]
        waits.append(asyncio.ensure_future(self._told()))
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        crashed = next((host.failure for host in self.hosts if host.failure), None)
        if failure := self.failure or crashed:
            raise failure

    async def stop(self) -> None:
        """Finish the open transactions within a bound, leave the groups, and close."""
        self._stopping.set()
        try:
            async with asyncio.timeout(self._shutdown_seconds):
                await asyncio.gather(*(host.stop() for host in self.hosts))
                if self._health:
                    await self._health.stop()
        except TimeoutError:
            log.warning("worker.stop_cut_short")

    def tell(self) -> None:
        """Tell the worker to stop: what a signal handler calls."""
        self._stopping.set()

    def fail(self, failure: Exception) -> None:
        """Stop the worker for a reason that a person must see to."""
        self.failure = failure
        self._stopping.set()

    def not_ready(self) -> str | None:
        """Return why the worker is not at work, or None."""
        if self.failure:
            return str(self.failure)
        reasons = {host.identity.name: reason for host in self.hosts if (reason := host.not_ready())}
        if len(self.hosts) == 1:
            return next(iter(reasons.values()), None)
        return "; ".join(f"agent {name}: {reason}" for name, reason in reasons.items()) or None

    async def _told(self) -> None:
        await self._stopping.wait()


def _quiet_about_fences(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing of a fenced producer's futures: aiokafka leaves some behind, and the ledger has said what matters."""
    if not isinstance(context.get("exception"), ProducerFenced | InvalidProducerEpoch):
        loop.default_exception_handler(context)
