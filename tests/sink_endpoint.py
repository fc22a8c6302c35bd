"""An HTTP endpoint that stands for a sink (Apprise's `json://`): it records what came, and may kill who sent it."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer

from streams.sinks.message import IN_DOUBT

_ID = re.compile(r"^alert (\S+), revision (\d+), ", re.MULTILINE)


@dataclass(frozen=True)
class Taken:
    """One message that came."""

    at: datetime
    title: str
    text: str

    @property
    def revisions(self) -> tuple[tuple[str, int], ...]:
        """The alerts that it tells of, each with its newest revision."""
        return tuple((alert, int(revision)) for alert, revision in _ID.findall(self.text))

    @property
    def in_doubt(self) -> bool:
        """Whether it says that it may have come before."""
        return IN_DOUBT in self.text


@dataclass
class SinkEndpoint:
    """What came, in its order."""

    before: Callable[[int], Awaitable[None]] | None = None
    """Called with the number of each message when it has come and before it is answered."""
    status: Callable[[int], int] = lambda _: 204
    address: str = ""
    requests: int = 0
    taken: list[Taken] = field(default_factory=list)

    @property
    def revisions(self) -> list[tuple[str, int]]:
        """Every revision that came, in its order, as often as it came."""
        return [each for message in self.taken for each in message.revisions]

    def out_of_order(self) -> list[tuple[str, int]]:
        """Return the revisions that first came after a later one of their alert."""
        newest: dict[str, int] = {}
        wrong, seen = [], set()
        for alert, revision in self.revisions:
            if (alert, revision) not in seen and revision < newest.get(alert, 0):
                wrong.append((alert, revision))
            seen.add((alert, revision))
            newest[alert] = max(newest.get(alert, 0), revision)
        return wrong

    def doubled(self) -> list[tuple[str, int]]:
        """Return the revisions that came more than once without a word of doubt in the later messages."""
        first: Counter[tuple[str, int]] = Counter()
        wrong = []
        for message in self.taken:
            for each in message.revisions:
                if first[each] and not message.in_doubt:
                    wrong.append(each)
                first[each] += 1
        return wrong

    async def handle(self, request: web.Request) -> web.Response:
        """Record a message, and answer it."""
        body = orjson.loads(await request.read())
        number, self.requests = self.requests, self.requests + 1
        status = self.status(number)
        if status < 300:  # what is refused did not come
            self.taken.append(Taken(datetime.now(UTC), body["title"], body["message"]))
        if self.before is not None:
            await self.before(number)
        return web.Response(status=status)


@asynccontextmanager
async def sink_serving(endpoint: SinkEndpoint) -> AsyncIterator[None]:
    """Serve an endpoint; its `address` is set."""
    app = web.Application()
    app.router.add_post("/sink", endpoint.handle)
    async with TestServer(app) as server:
        endpoint.address = f"json://127.0.0.1:{server.port}/sink"
        yield
        await asyncio.sleep(0)
