"""A worker as a part that goes on by another newsroom."""

from dataclasses import dataclass

from streams.runtime.worker import Worker
from streams.settings import Settings


@dataclass(frozen=True, slots=True)
class WorkerPart:
    """Tells a worker's manager."""

    worker: Worker

    async def check(self, settings: Settings) -> None:
        """Raise `LivelineError` if a switch holds the worker to other rules."""
        if self.worker.manager is not None:
            await self.worker.manager.check(settings.newsroom)

    async def take(self, settings: Settings) -> None:
        """Have documents and entries go on by it, from each agent's next transaction on."""
        if self.worker.manager is not None:
            await self.worker.manager.take(settings.newsroom)
