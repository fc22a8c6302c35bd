"""What a token allows on a stream, and how the stream ends with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from fake_authority import Desk
from fake_gateway import FakeGateway, gateways
from gateway_harness import Event, an_entry, read_events, take, until


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[FakeGateway]:
    """Run a gateway that asks for tokens."""
    async with gateways(tmp_path, Desk())() as gateway:
        yield gateway


@asynccontextmanager
async def stream(gateway: FakeGateway, query: str) -> AsyncIterator[AsyncIterator[Event]]:
    """Open a stream."""
    async with aiohttp.ClientSession() as session, session.get(f"{gateway.url}/v1/stream?{query}") as response:
        assert response.status == 200
        yield read_events(response)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("coverage=harbour-fire", 404),
        ("coverage=unknown", 404),
        ("coverage=unknown&access_token=fire", 404),
        ("coverage=election,harbour-fire&access_token=fire", 403),
        ("access_token=wrong", 401),
        ("access_token=barred", 403),
        ("alerts=true", 401),
        ("alerts=true&access_token=fire", 403),
        ("alerts=perhaps", 400),
    ],
)
async def test_what_may_not_be_read_is_refused(gateway: FakeGateway, query: str, status: int) -> None:
    """Without a token a hidden coverage is one that does not exist."""
    await gateway.publish([an_entry(1)])
    await gateway.held(an_entry(1))
    async with aiohttp.ClientSession() as session, session.get(f"{gateway.url}/v1/stream?{query}") as response:
        told = await response.json(content_type="application/problem+json")

    assert (response.status, told["status"]) == (status, status)


async def test_without_a_filter_a_stream_has_what_may_be_read(gateway: FakeGateway) -> None:
    """Live, from the archive and in the current state."""
    fire, vote = an_entry(1), an_entry(2, coverage_id="election", source_id="gazette")
    async with stream(gateway, "") as public, stream(gateway, "access_token=fire") as own:
        await until(public, "live")
        cursor = (await until(own, "live"))[-1].id
        await gateway.publish([fire, vote])
        seen = [*(await take(public, 1)), *(await take(own, 1))]
    async with stream(gateway, "replay=latest") as events:
        state = [event for event in await until(events, "live") if event.event == "entry"]
    async with stream(gateway, f"access_token=fire&lastEventID={cursor}") as events:
        resumed = [event for event in await until(events, "live") if event.event == "entry"]

    assert [event.revision[0] for event in seen] == [vote.entry_id, fire.entry_id]
    assert [event.revision[0] for event in state] == [vote.entry_id]
    assert [event.revision[0] for event in resumed] == [fire.entry_id]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=2", [1, 3]),
        ("limit=1&access_token=fire", [4]),
        ("limit=1&q=first", [1]),
        ("limit=9", [1, 3]),
        ("limit=1&q=nowhere", []),
    ],
)
async def test_the_newest_so_many_are_those_that_fit_and_may_be_read(
    gateway: FakeGateway, query: str, expected: list[int]
) -> None:
    """What is hidden, filtered out or taken back uses up no place of `limit`."""
    vote = {"coverage_id": "election", "source_id": "gazette"}
    gone = an_entry(2, 2, change="retracted", status="canceled", headline=None, body_text=None, **vote)
    entries = [
        an_entry(1, headline="The first count", **vote),
        an_entry(2, headline="A false result", **vote),
        an_entry(3, headline="The second count", **vote),
        an_entry(4),
        gone,
    ]
    for entry in entries:
        await gateway.publish([entry])
        await gateway.held(entry)
    async with stream(gateway, f"replay=latest&{query}") as events:
        state = [event for event in await until(events, "live") if event.event == "entry"]

    assert [event.revision[0] for event in state] == [entries[n - 1].entry_id for n in expected]


async def test_a_stream_ends_with_its_token(gateway: FakeGateway) -> None:
    """It says so by `expired`, and then it ends."""
    async with stream(gateway, "access_token=short") as events:
        told = await until(events, "expired")
        rest = [event async for event in events]

    assert told[-1].event == "expired"
    assert rest == []
