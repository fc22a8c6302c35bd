"""Opening many connections, not all in the same moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

Source = tuple[str, int]
"""The address that connections come from, and the port of this machine that they go to."""
_AT_ONCE: Final = 200


async def at_once(one: Callable[[int], Awaitable[None]], count: int) -> None:
    """Run `one` for each number below `count`, a bounded number of them at a time."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def placed(number: int) -> None:
        async with places:
            await one(number)

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(placed(number))


async def connected(source: Source) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open one connection."""
    address, port = source
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
