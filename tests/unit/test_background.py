"""A task in the background ends when it is told to."""

import asyncio

import pytest

from streams.background import end_task


async def test_a_task_that_loses_a_cancellation_is_cancelled_again() -> None:
    """As happens on Python 3.11 when an answer comes with the cancellation."""
    lost = 0

    async def loses_two() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                lost += 1
                if lost > 2:
                    raise

    task = asyncio.create_task(loses_two())
    await asyncio.sleep(0)
    await end_task(task, again_seconds=0.01)

    assert task.cancelled()


async def test_what_a_task_failed_with_is_raised() -> None:
    """A failure does not vanish with the task; one that is not there or has ended well needs nothing."""

    async def fails() -> None:
        raise ValueError("broken")

    async def ends() -> None: ...

    await end_task(None)
    await end_task(asyncio.create_task(ends()))
    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    with pytest.raises(ValueError, match="broken"):
        await end_task(task)
