"""A gateway goes on by another newsroom while clients are connected."""

import asyncio
from pathlib import Path

import aiohttp
from fake_gateway import FakeGateway, gateways
from gateway_harness import NEWSROOM, an_entry
from pydantic import SecretStr

from schemas.newsroom import Newsroom
from streams.settings import Settings


async def take(gateway: FakeGateway, newsroom: Newsroom, **tokens: str) -> None:
    """Have a gateway go on by a newsroom."""
    told = {"newsroom": newsroom, "has_newsroom": True, "tokens": {each: SecretStr(tokens[each]) for each in tokens}}
    await gateway.server.front.take(Settings().model_copy(update=told))


def changed(*, public: bool = True, title: str = "Harbour fire", source: str = "evening-post") -> Newsroom:
    """Return the newsroom with another first coverage."""
    first, *others = NEWSROOM.coverages
    told = {"public": public, "title": title, "sources": [{"id": source}]}
    return Newsroom.model_validate({"coverages": [{**first.model_dump(), **told}, *others]})


async def test_streams_go_on_over_a_new_title_and_a_new_source(tmp_path: Path) -> None:
    """The next request is answered by the new file; a source that is gone can push no more, one that came can."""
    async with gateways(tmp_path)() as gateway, aiohttp.ClientSession() as session:
        await gateway.publish([an_entry(1)])
        await gateway.held(an_entry(1))
        async with session.get(f"{gateway.url}/v1/stream?replay=latest") as stream:
            assert (await stream.content.readuntil(b"event: live\n")).count(b"event: entry\n") == 1

            await take(gateway, changed(title="The great fire", source="new-post"), **{"new-post": "its-token"})

            async with session.get(f"{gateway.url}/v1/coverages/harbour-fire") as answer:
                told = await answer.json()
            assert (told["title"], told["sources"]) == ("The great fire", ["new-post"])
            assert await pushed(session, gateway, "evening-post", "token-of-the-post") == 401
            assert await pushed(session, gateway, "new-post", "its-token") == 503  # admitted; there is no Kafka here
            await gateway.publish([an_entry(2)])
            async with asyncio.timeout(30):
                assert b"event: entry\n" in await stream.content.readuntil(b"event: entry\n")


async def test_a_coverage_that_is_no_longer_public_ends_the_streams_that_showed_it(tmp_path: Path) -> None:
    """They come back with their cursors, and see what they may see now."""
    async with gateways(tmp_path)() as gateway, aiohttp.ClientSession() as session:
        await gateway.publish([an_entry(1)])
        await gateway.held(an_entry(1))
        async with session.get(f"{gateway.url}/v1/stream?replay=latest") as stream:
            await stream.content.readuntil(b"event: live\n")

            await take(gateway, changed(public=False))

            async with asyncio.timeout(30):
                await stream.content.read()  # to its end
        async with session.get(f"{gateway.url}/v1/coverages/harbour-fire") as answer:
            assert answer.status == 404
        async with session.get(f"{gateway.url}/v1/stream?replay=latest") as stream:
            assert b"event: entry\n" not in await stream.content.readuntil(b"event: live\n")


async def pushed(session: aiohttp.ClientSession, gateway: FakeGateway, source: str, token: str) -> int:
    """Push, and return the status."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
    url = f"{gateway.url}/v1/sources/{source}/documents"
    async with session.post(url, data=b"A fire", headers=headers) as answer:
        return answer.status
