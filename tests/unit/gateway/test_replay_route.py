"""A replay over HTTP on a log in memory, and what may be replayed."""

import asyncio
from pathlib import Path

import aiohttp
import pytest
from delivery_behaviour import Start
from fake_authority import Desk
from fake_gateway import gateways
from gateway_harness import an_entry
from replay_behaviour import ReplayBehaviour, at, replay

from streams.runtime.http import ConnectionLimits


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Return what starts a gateway that soon cuts off who does not read."""
    run = gateways(tmp_path)
    return lambda **options: run(**{"connections": ConnectionLimits(stall_timeout=1.5), **options})


class TestReplayInMemory(ReplayBehaviour):
    """No Java is needed."""


@pytest.mark.parametrize(
    ("coverage", "token", "status"),
    [
        ("harbour-fire", "", 404),
        ("unknown", "", 404),
        ("unknown", "fire", 404),
        ("harbour-fire", "wrong", 401),
        ("harbour-fire", "fire", 200),
        ("election", "", 200),
    ],
)
async def test_a_replay_shows_what_a_stream_does(tmp_path: Path, coverage: str, token: str, status: int) -> None:
    """A hidden coverage is there for those who have a token for it."""
    async with gateways(tmp_path, Desk())() as gateway:
        await gateway.publish([an_entry(1), an_entry(2, coverage_id="election", source_id="gazette")])
        await gateway.held(an_entry(1))
        query = {"from": "2024-01-01T00:00:00Z", "to": "2024-12-31T00:00:00Z"}
        if token:
            query["access_token"] = token
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{gateway.url}/v1/coverages/{coverage}/replay", params=query) as response,
        ):
            assert response.status == status


async def test_a_replay_ends_with_its_token(tmp_path: Path) -> None:
    """By `expired`, as a stream does, also while a revision is waited for."""
    async with gateways(tmp_path, Desk())() as gateway:
        vote = {"coverage_id": "election", "source_id": "gazette"}
        await gateway.publish([an_entry(1, **vote), an_entry(2, received_at=at(9000), **vote)])
        query = {"from": at(0), "speed": "original", "access_token": "short"}
        async with asyncio.timeout(30), replay(gateway, coverage="election", **query) as events:
            told = [event.event async for event in events]

    assert told == ["entry", "expired"]
