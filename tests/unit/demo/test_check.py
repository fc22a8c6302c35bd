"""The check over HTTP, against a gateway that runs the pipeline in place of Kafka."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from schemas import Document
from streams.alerts import Engine
from streams.dedupe import Memory
from streams.demo.check import check
from streams.demo.expected import Told
from streams.demo.newsroom import demo_newsroom, demo_tokens
from streams.demo.push import push_over_http
from streams.demo.table import table
from streams.pipeline import Pipeline


class OneProcess:
    """A gateway without Kafka: what is pushed goes through the pipeline to the subscribers."""

    def __init__(self, *, loses: int = -1) -> None:
        self.newsroom = demo_newsroom()
        self.tokens = demo_tokens(self.newsroom)
        self.letters = 0
        self._loses, self._sent = loses, 0
        self._pipeline, self._memory = Pipeline(self.newsroom), Memory()
        self._engine, self._told = Engine(self.newsroom), list[Told]()
        self._pipeline.warm_up()  # as a worker does before it reads
        self._subscribers: list[asyncio.Queue[bytes]] = []

    def app(self) -> web.Application:
        """Return the two routes that the check uses."""
        app = web.Application()
        app.router.add_post("/v1/sources/{source}/documents", self._push)
        app.router.add_get("/v1/stream", self._stream)
        return app

    async def count(self) -> int:
        """Return the number of dead letters."""
        return self.letters

    async def told(self) -> tuple[Told, ...]:
        """Return what the rules tell, as if a sink had taken it."""
        return tuple(self._told)

    async def _push(self, request: web.Request) -> web.Response:
        source = request.match_info["source"]
        if request.headers["Authorization"] != f"Bearer {self.tokens[source].get_secret_value()}":
            return web.Response(status=401)
        document = Document(
            id=request.headers["Idempotency-Key"],
            source_id=source,
            coverage_id="harbour-fire",
            received_at=datetime.now(UTC),
            content_type=request.headers["Content-Type"],
            body=await request.read(),
            url=request.headers.get("Liveline-Url"),
        )
        await asyncio.sleep(0.002)  # as long as Kafka takes
        draft = self._memory.draft()
        outcome = self._pipeline.run([(document, None)], draft, document.received_at)
        self._memory.apply(draft)
        self.letters += len(outcome.letters)
        for entry in outcome.entries:
            told = [alert for alert in self._engine.see(entry) if alert.notify]
            self._told += [Told(alert.rule_id, alert.change.value, "sent") for alert in told]
            self._sent += 1
            if self._sent == self._loses:
                continue
            for subscriber in self._subscribers:
                subscriber.put_nowait(b"id: %d\nevent: entry\ndata: %s\n\n" % (self._sent, entry.to_json()))
        return web.json_response({"id": document.id}, status=202)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._subscribers.append(queue)
        await response.write(b"retry: 1000\n\n:\n\nid: 0\n\nid: 0\nevent: live\ndata: {}\n\n")
        while True:
            await response.write(await queue.get())


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Give an HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


async def test_all_that_is_expected_comes_out_over_sse(session: aiohttp.ClientSession) -> None:
    """Pushed over HTTP and read as a subscriber reads."""
    gateway = OneProcess()
    async with TestServer(gateway.app()) as server:
        url = str(server.make_url(""))
        outcome = await check(session, url, push_over_http(session, url, gateway.tokens), gateway.count, gateway.told)

    assert outcome.ok, table(outcome)


async def test_a_revision_that_gets_lost_is_named(session: aiohttp.ClientSession) -> None:
    """The check gives up after its patience and says what never came."""
    gateway = OneProcess(loses=3)
    async with TestServer(gateway.app()) as server:
        url = str(server.make_url(""))
        outcome = await check(
            session, url, push_over_http(session, url, gateway.tokens), gateway.count, gateway.told, patience=3
        )

    assert not outcome.ok
    assert outcome.differences == ("missing: evening-post 'shed-four' revision 1 created",)


async def test_an_alert_that_was_not_told_is_named(session: aiohttp.ClientSession) -> None:
    """Raised is not enough: the sink must have it."""
    gateway = OneProcess()

    async def told() -> tuple[Told, ...]:
        return tuple(Told(each.rule, each.change, "failed") for each in await gateway.told())[:3]

    async with TestServer(gateway.app()) as server:
        url = str(server.make_url(""))
        outcome = await check(session, url, push_over_http(session, url, gateway.tokens), gateway.count, told)

    assert not outcome.ok
    assert "missing: alert people-hurt withdrawn sent" in outcome.differences
    assert "not expected: alert people-hurt withdrawn failed" in outcome.differences
