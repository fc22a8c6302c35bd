"""A worker's life: its agents start together, and what ends one of them ends all."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from aiokafka.errors import InvalidProducerEpoch, ProducerFenced

from schemas.newsroom import Newsroom
from streams.background import end_task
from streams.runtime.agent_host import AgentHost
from streams.runtime.http.health import HealthServer
from streams.runtime.metrics import WorkerMetrics

log = structlog.get_logger(__name__)

Prepare = Callable[[], Awaitable[None]]
Take = Callable[[Newsroom], Awaitable[None]]


class Manager(Protocol):
    """Says which agents a worker runs, before its start and later."""

    async def begin(self) -> None:
        """Have the worker host what it starts with."""

    async def run(self) -> None:
        """Replace agents as it must be; goes on until it is cancelled."""

    async def end(self) -> None:
        """Let go of what it holds."""

    async def check(self, newsroom: Newsroom) -> None:
        """Raise `LivelineError` if the agents may not go on by another newsroom now."""

    async def take(self, newsroom: Newsroom) -> None:
        """Have the agents go on by another newsroom that was checked, each from its next transaction on."""


@dataclass(frozen=True, slots=True)
class Hosted:
    """An agent with what is done before it joins its group, and what is done while it does."""

    host: AgentHost[Any]
    before: Prepare | None = None
    meanwhile: Prepare | None = None
    take: Take | None = None
    """Goes on by another newsroom, from the next transaction on."""

    async def start(self) -> None:
        """Join the group."""
        if self.before:
            await self.before()
        await asyncio.gather(self.host.start(), *([self.meanwhile()] if self.meanwhile else []))


class Worker:
    """Several agents in one process; `bootstrap.worker.create_app` makes it."""

    def __init__(self, metrics: WorkerMetrics, *, shutdown_seconds: float, bind: tuple[str, int] | None) -> None:
        """Take where health and metrics are answered, if anywhere; nothing connects before the start."""
        self.metrics = metrics
        self.failure: Exception | None = None
        """Why the worker stops by itself."""
        self.manager: Manager | None = None
        self._hosted: dict[str, Hosted] = {}
        self._moving = 0
        """How many agents are being replaced."""
        self._moved = asyncio.Event()
        self._managing: asyncio.Task[None] | None = None
        self._shutdown_seconds = shutdown_seconds
        self._stopping = asyncio.Event()
        self._health = HealthServer(*bind, metrics.registry, self.not_ready) if bind else None

    @property
    def hosts(self) -> list[AgentHost[Any]]:
        """The agents that it runs."""
        return [hosted.host for hosted in self._hosted.values()]

    def host(self, hosted: Hosted) -> None:
        """Run one more agent, or another one of that name; to be called before the start."""
        self._hosted[hosted.host.identity.name] = hosted

    async def replace(self, name: str, hosted: Hosted | None) -> None:
        """Stop an agent, and run another one, or none, in its place.

        Raises what the other one's start raises, and runs neither then.
        """
        self._moving += 1
        try:
            if former := self._hosted.pop(name, None):
                await former.host.stop()
            if hosted is not None:
                await hosted.start()
                self._hosted[name] = hosted
        except BaseException:
            if hosted is not None:
                await hosted.host.stop()
            raise
        finally:
            self._moving -= 1
            self._moved.set()

    async def take(self, newsroom: Newsroom) -> None:
        """Have each agent that it runs go on by another newsroom, from its next transaction on."""
        for hosted in list(self._hosted.values()):
            if hosted.take is not None:
                await hosted.take(newsroom)

    async def start(self) -> None:
        """Join the groups; partitions are taken over as they are assigned."""
        asyncio.get_running_loop().set_exception_handler(_quiet_about_fences)
        if self._health:
            await self._health.start()
        if self.manager is not None:
            await self.manager.begin()
        hosted = list(self._hosted.values())
        await asyncio.gather(*(each.before() for each in hosted if each.before))
        await asyncio.gather(
            *(each.host.start() for each in hosted), *(each.meanwhile() for each in hosted if each.meanwhile)
        )
        if self.manager is not None:
            self._managing = asyncio.create_task(self.manager.run(), name="worker-agents")

    async def wait(self) -> None:
        """Return when the worker is told to stop, or raise why it can't go on."""
        while True:
            self._moved.clear()
            hosts = self.hosts
            await _first(self._stopping.wait(), self._moved.wait(), *(host.wait() for host in hosts))
            crashed = next((host.failure for host in self.hosts if host.failure), None)
            if failure := self.failure or crashed:
                raise failure
            if self._stopping.is_set() or not (self._moving or self._moved.is_set()):
                return
            if self._moving:  # an agent that is being replaced has stopped: that is no end
                await _first(self._stopping.wait(), self._moved.wait())

    async def stop(self) -> None:
        """Finish the open transactions within a bound, leave the groups, and close."""
        self._stopping.set()
        try:
            async with asyncio.timeout(self._shutdown_seconds):
                await end_task(self._managing)
                await asyncio.gather(*(host.stop() for host in self.hosts))
                if self.manager is not None:
                    await self.manager.end()
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
        if self._moving:
            return "an agent of the worker is being exchanged"
        reasons = {host.identity.name: reason for host in self.hosts if (reason := host.not_ready())}
        if len(self.hosts) == 1:
            return next(iter(reasons.values()), None)
        return "; ".join(f"agent {name}: {reason}" for name, reason in reasons.items()) or None


async def _first(*waits: Coroutine[Any, Any, Any]) -> None:
    """Return when one of these does, and cancel the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


def _quiet_about_fences(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing of a fenced producer's futures: aiokafka leaves some behind, and the ledger has said what matters."""
    if not isinstance(context.get("exception"), ProducerFenced | InvalidProducerEpoch):
        loop.default_exception_handler(context)
