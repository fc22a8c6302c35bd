"""All of Liveline in one process on the embedded broker, with coverages that are not for everybody."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
import orjson
from aiokafka import AIOKafkaProducer
from gateway_harness import Event, an_entry, read_events
from pydantic import SecretStr

from schemas import Coverage, Newsroom, Source
from schemas.entry import SourceId
from streams.bootstrap.together import together
from streams.settings import Address, load_settings

SIGNED_BY = "secret-of-the-newsroom-0123456789"
ADMIN = "token-of-the-admin"
PUSHES_WITH = "token-of-the-source"
NEWSROOM = Newsroom(
    coverages=(
        Coverage(id="open-day", sources=(Source(id="gazette"),)),
        Coverage(id="harbour-fire", public=False, sources=(Source(id="evening-post"),)),
        Coverage(id="election", public=False, sources=(Source(id="radio-quay"),)),
    )
)
STRAY = "not-configured"
PLACES = ("open-day", "harbour-fire", "election", STRAY)


def token(seconds: float = 86_400, **rights: Any) -> str:
    """Return a token that lasts so long; some are made at import and used at the end of a long run."""
    return jwt.encode({"exp": time.time() + seconds, "liveline": rights}, SIGNED_BY, "HS256")


@dataclass
class Site:
    """A running Liveline with an entry in each coverage."""

    url: str
    session: aiohttp.ClientSession
    entries: dict[str, str]
    """Coverage to the id of its entry."""

    async def get(self, path: str, bearer: str | None = None, **headers: str) -> aiohttp.ClientResponse:
        """Ask, and read the answer."""
        sent = headers | ({"Authorization": f"Bearer {bearer}"} if bearer is not None else {})
        async with self.session.get(self.url + path, headers=sent, allow_redirects=False) as answer:
            await answer.read()
            return answer

    async def push(self, source: str, post: dict[str, Any]) -> None:
        """Push a post with the source's own token."""
        headers = {
            "Authorization": f"Bearer {PUSHES_WITH}-{source}",
            "Content-Type": "application/vnd.liveline.post+json",
        }
        path = f"{self.url}/v1/sources/{source}/documents"
        async with self.session.post(path, data=orjson.dumps(post), headers=headers) as answer:
            assert answer.status == 202

    @asynccontextmanager
    async def stream(self, path: str, bearer: str | None = None) -> AsyncIterator[AsyncIterator[Event]]:
        """Open a stream."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        async with self.session.get(self.url + path, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            yield read_events(answer)


@asynccontextmanager
async def a_site() -> AsyncIterator[Site]:
    """Run it, push a document of each source, and write an entry of a coverage that nobody configured."""
    tokens = {
        SourceId(source.id): SecretStr(f"{PUSHES_WITH}-{source.id}")
        for coverage in NEWSROOM.coverages
        for source in coverage.sources
    }
    settings = load_settings(newsroom=NEWSROOM).model_copy(
        update={
            "bind": Address("127.0.0.1", 0),
            "tokens": tokens,
            "jwt_secret": SecretStr(SIGNED_BY),
            "admin_token": SecretStr(ADMIN),
            "origins": ("https://paper.example",),
        }
    )
    async with together(settings) as running, aiohttp.ClientSession() as session:
        found = Site(running.url, session, {})
        for coverage in NEWSROOM.coverages:
            post = {"id": "p1", "headline": f"News of {coverage.id}", "published_at": "2024-05-01T12:00:00Z"}
            await found.push(coverage.sources[0].id, post)
        producer = AIOKafkaProducer(**running.connection.aiokafka())
        await producer.start()
        stray = an_entry(1, coverage_id=STRAY)
        await producer.send_and_wait("liveline.entries", stray.to_json(), key=b"k")
        await producer.stop()
        async with asyncio.timeout(30):
            for coverage_id in PLACES:
                while coverage_id not in found.entries:
                    answer = await found.get(f"/v1/coverages/{coverage_id}/entries", ADMIN)
                    if answer.status == 200 and (listed := (await answer.json())["entries"]):
                        found.entries[coverage_id] = listed[0]["entry_id"]
                    await asyncio.sleep(0.05)
        yield found
