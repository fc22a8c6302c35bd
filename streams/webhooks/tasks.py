"""A group of tasks that is watched for its first failure; tasks begin and end at any time."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Tasks:
    """A group whose first failure is raised by `failed`; it ends none by itself."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def begin(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Begin a task."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    async def end(self, *tasks: asyncio.Task[None]) -> None:
        """End tasks and wait for their end."""
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def end_all(self) -> None:
        """End all tasks."""
        await self.end(*self._running)
        if not self._failure.cancel() and not self._failure.cancelled():
            self._failure.exception()  # looked at, although nobody may have waited for it

    async def failed(self) -> None:
        """Wait for the first failure and raise it."""
        await asyncio.shield(self._failure)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None and not self._failure.done():
            self._failure.set_exception(error)
