"""Endpoints of webhooks on 127.0.0.1 for tests: they verify each delivery as a receiver would, and may misbehave."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

Behaviour = Callable[[int], Awaitable[web.Response]]
"""Answers the nth request, from 0."""


async def well(_: int) -> web.Response:
    """Take everything."""
    return web.Response(status=204)


async def slow(_: int) -> web.Response:
    """Take everything, after a while."""
    await asyncio.sleep(0.02)
    return web.Response(status=200, body=b"thanks")


async def by_turns(number: int) -> web.Response:
    """Fail every third time."""
    return web.Response(status=503 if number % 3 == 1 else 204)


async def gone(_: int) -> web.Response:
    """Want nothing more."""
    return web.Response(status=410)


@dataclass
class Endpoint:
    """What came to one address, and how it is answered."""

    behaviour: Behaviour = well
    secret: str = ""
    url: str = ""
    requests: int = 0
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """The id and the body of each delivery that was answered well."""
    refused: list[str] = field(default_factory=list)
    """The ids of the others."""
    unverified: list[str] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """The ids of what was taken."""
        return [message_id for message_id, _ in self.taken]

    async def handle(self, request: web.Request) -> web.Response:
        """Verify a delivery by the standard's own package, and answer it."""
        body = await request.read()
        headers: Mapping[str, str] = {name.lower(): value for name, value in request.headers.items()}
        message_id = headers.get("webhook-id", "")
        self.signatures.append(headers.get("webhook-signature", ""))
        if self.secret:
            try:
                Webhook(self.secret).verify(body, dict(headers))
            except WebhookVerificationError as error:
                self.unverified.append(f"{message_id}: {error}")
        number, self.requests = self.requests, self.requests + 1
        answer = await self.behaviour(number)
        if answer.status < 300:
            self.taken.append((message_id, orjson.loads(body)))
        else:
            self.refused.append(message_id)
        return answer

    def out_of_order(self) -> list[str]:
        """Return the ids of revisions that first came after a later one of the same entry."""
        newest: dict[str, int] = {}
        wrong = []
        seen = set()
        for message_id in self.ids:
            entry, _, revision = message_id.rpartition(":")
            if message_id not in seen and int(revision) < newest.get(entry, 0):
                wrong.append(message_id)
            seen.add(message_id)
            newest[entry] = max(newest.get(entry, 0), int(revision))
        return wrong


@asynccontextmanager
async def serving(**endpoints: Endpoint) -> AsyncIterator[None]:
    """Serve each endpoint under its name; their `url` is set."""
    app = web.Application()
    for name, endpoint in endpoints.items():
        app.router.add_post(f"/{name}", endpoint.handle)
    async with TestServer(app) as server:
        for name, endpoint in endpoints.items():
            endpoint.url = str(server.make_url(f"/{name}"))
        yield


async def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait until something is so; the time is patience, not a claim."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not condition():
        if loop.time() > end:
            raise AssertionError(f"still not: {what}")
        await asyncio.sleep(0.05)
