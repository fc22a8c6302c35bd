"""Ends a task that ran in the background."""

import asyncio
from typing import Any, Final

_AGAIN_SECONDS: Final = 2.0


async def end_task(task: asyncio.Task[Any] | None, *, again_seconds: float = _AGAIN_SECONDS) -> None:
    """Cancel a task, if there is one, and wait until it has ended; raises what it failed with.

    It is cancelled again each `again_seconds`: on Python 3.11 a cancellation can be lost in what the task waits for.
    So these must be longer than the task's own clean end takes.
    """
    if task is None:
        return
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=again_seconds)
    if not task.cancelled():
        task.result()
