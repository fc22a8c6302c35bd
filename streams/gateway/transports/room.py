"""Waits until a transport has room, so that each client that catches up has little in memory."""

import asyncio
from typing import Final

CATCHING_UP_BYTES: Final = 64 * 1024
"""What may wait for a client that catches up."""


class Room:
    """Lets any number of tasks wait until a transport takes more or is gone."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: asyncio.Future[None] | None = None

    async def wait(self) -> None:
        """Wait for the next `wake`."""
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_future()
        # One who is cancelled must not take the others' future along.
        await asyncio.shield(self._waiting)

    def wake(self) -> None:
        """Wake all who wait."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
        self._waiting = None
