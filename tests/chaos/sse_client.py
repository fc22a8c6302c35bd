"""A subscriber that is cut off again and again, and resumes with `Last-Event-ID`."""

import asyncio
import contextlib
import random
import threading
import time
from dataclasses import dataclass, field

import aiohttp
import orjson

from streams.client.sse import Event, SseDecoder

_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=5)


@dataclass
class Subscriber:
    """Reads `/v1/stream` in a thread of its own and keeps what it saw, in order."""

    url: str
    seed: int = 5
    pause: tuple[float, float] = (0.2, 2.0)
    """Seconds between two cuts, at random."""
    cuts: int = 0
    seen: list[tuple[str, int]] = field(default_factory=list)
    newest: dict[str, bytes] = field(default_factory=dict)
    incomplete: int = 0
    cursor: str = ""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._steady = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._work)

    def start(self) -> None:
        """Subscribe to what is live from now on."""
        self._thread.start()
        deadline = time.monotonic() + 30
        while not self.cursor:
            if time.monotonic() > deadline:
                raise TimeoutError("the gateway gave no first cursor within 30 s")
            time.sleep(0.02)

    def stay(self) -> None:
        """Cut no more."""
        self._steady.set()

    def stop(self) -> None:
        """End."""
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(30)

    def _work(self) -> None:
        self._task = self._loop.create_task(self._run())
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.close()

    async def _run(self) -> None:
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
            while True:
                cut = not self._steady.is_set()
                with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError):
                    async with asyncio.timeout(self._random.uniform(*self.pause) if cut else None):
                        await self._read(session)
                self.cuts += cut and bool(self.cursor)
                await asyncio.sleep(0.05)

    async def _read(self, session: aiohttp.ClientSession) -> None:
        headers = {"Last-Event-ID": self.cursor} if self.cursor else {}
        async with session.get(f"{self.url}/v1/stream?duplicates=include", headers=headers) as answer:
            answer.raise_for_status()
            decoder = SseDecoder(self.cursor)
            async for chunk in answer.content.iter_any():
                for event in decoder.feed(chunk):
                    self._take(event)
                self.cursor = decoder.last_event_id

    def _take(self, event: Event) -> None:
        if event.event == "entry":
            entry = orjson.loads(event.data)
            self.seen.append((entry["entry_id"], entry["revision"]))
            self.newest[entry["entry_id"]] = event.data.encode()
        elif event.event == "incomplete":
            self.incomplete += 1
        # With each event: between two of a chunk this thread may be cut off.
        self.cursor = event.id
