"""Alerts as they come: on their own stream with cursors, and to those who follow entries."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import orjson
import pytest
from alert_harness import ADMIN, AlertGateway, an_alert, token
from gateway_harness import Event, until


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[AlertGateway]:
    """Run a gateway whose log has an alert of before."""
    gateway = AlertGateway(tmp_path)
    gateway.raise_alert(an_alert(1))
    async with gateway:
        yield gateway


async def take(events: AsyncIterator[Event], count: int) -> list[Event]:
    """Return the next alerts."""
    found: list[Event] = []
    async with asyncio.timeout(20):
        while len(found) < count:
            event = await anext(events)
            if event.event == "alert":
                found.append(event)
    return found


def titles(events: list[Event]) -> list[str]:
    """Return which alerts these are, with their revisions."""
    return [f"{event.json['title'].split()[-1]}:{event.json['revision']}" for event in events]


async def test_alerts_come_as_they_are_raised(gateway: AlertGateway) -> None:
    """What the log held is history; each that comes is as it stands on the topic, with the cursor after it."""
    async with gateway.stream() as events:
        live = (await until(events, "live"))[-1]
        gateway.raise_alert(an_alert(2), an_alert(2, 2))
        found = await take(events, 2)

    assert titles(found) == ["2:1", "2:2"]
    assert found[0].data.encode() == an_alert(2).to_json()
    assert len({live.id, *(event.id for event in found)}) == 3


async def test_a_cursor_resumes_without_loss_or_repetition(gateway: AlertGateway) -> None:
    """After each event, over a restart, and while alerts come all the time."""
    expected = [f"{n}:1" for n in range(2, 42)]
    seen: list[str] = []
    async with gateway.stream() as events:
        cursor = (await until(events, "live"))[-1].id

    async def raising() -> None:
        for n in range(2, 42):
            gateway.raise_alert(an_alert(n, coverage_id="harbour-fire" if n % 3 else "election"))
            await asyncio.sleep(0.01)

    writing = asyncio.create_task(raising())
    for turn in range(10):
        async with gateway.stream(cursor=cursor) as events:
            found = await take(events, 4)
        seen += titles(found)
        cursor = found[-1].id
        if turn == 5:
            await gateway.stop()
            await gateway.start()
    await writing

    assert sorted(seen, key=lambda each: int(each.split(":")[0])) == expected
    for coverage in (lambda n: n % 3, lambda n: not n % 3):  # each partition in its order
        numbers = [int(each.split(":")[0]) for each in seen]
        of_one = [number for number in numbers if coverage(number)]
        assert of_one == sorted(of_one)


@pytest.mark.parametrize("cursor", ["nonsense", "AaaA"])
async def test_a_cursor_that_can_not_be_continued_is_said(gateway: AlertGateway, cursor: str) -> None:
    """The stream goes on with what is live; what there is stands at `/v1/alerts`."""
    async with gateway.stream(cursor=cursor) as events:
        told = await until(events, "live")
        gateway.raise_alert(an_alert(2))
        assert titles(await take(events, 1)) == ["2:1"]

    assert [event.event for event in told] == ["incomplete", "live"]
    assert "/v1/alerts" in told[0].json["reason"]


async def test_a_cursor_from_before_what_is_held_is_said(gateway: AlertGateway) -> None:
    """Retention has overtaken whoever was away."""
    async with gateway.stream() as events:
        cursor = (await until(events, "live"))[-1].id
    await gateway.stop()
    gateway.raise_alert(an_alert(2), an_alert(3))
    partition = len("harbour-fire") % 2
    gateway.alerts.cut(partition, 2)
    await gateway.start()

    async with gateway.stream(cursor=cursor) as events:
        told = await until(events, "live")

    assert [event.event for event in told] == ["incomplete", "live"]


async def test_a_token_hears_of_its_coverages_alone(gateway: AlertGateway) -> None:
    """Live and after a cursor; a filter narrows it further."""
    fire = token(coverages=["harbour-*"])
    async with gateway.stream(bearer=fire) as own, gateway.stream("/v1/alerts/stream?coverage=election") as votes:
        cursor = (await until(own, "live"))[-1].id
        await until(votes, "live")
        gateway.raise_alert(an_alert(2, coverage_id="election"), an_alert(3))
        live = titles(await take(own, 1))
        filtered = titles(await take(votes, 1))
    async with gateway.stream(bearer=fire, cursor=cursor) as own:
        missed = [event for event in await until(own, "live") if event.event == "alert"]

    assert (live, filtered, titles(missed)) == (["3:1"], ["2:1"], ["3:1"])
    for path, status in (("?coverage=election", 403), ("?coverage=nowhere", 404), ("?rule=x", 400)):
        assert (await gateway.ask("GET", f"/v1/alerts/stream{path}", fire))[0] == status


async def test_it_ends_with_its_token(gateway: AlertGateway) -> None:
    """An event says so, and the connection closes."""
    async with gateway.stream(bearer=token(lasts=1.5)) as events:
        told = [event.event async for event in events]

    assert told[-1] == "expired"


async def test_streams_of_entries_have_alerts_when_they_ask_for_them(gateway: AlertGateway) -> None:
    """Without an id; those of before are not told as news, and each that comes is told once."""
    fire = token(coverages=["harbour-*"])
    paths = ("/v1/stream?alerts=true", "/v1/coverages/harbour-fire/stream?alerts=true")
    async with (
        gateway.stream(paths[0], fire) as own,
        gateway.stream(paths[1], fire) as coverage,
        gateway.stream("/v1/stream", fire) as without,
    ):
        for events in (own, coverage, without):
            await until(events, "live")
        gateway.raise_alert(an_alert(2, coverage_id="election"), an_alert(3), an_alert(3, 2))
        found = await take(own, 2), await take(coverage, 2)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await anext(without)

    assert [titles(each) for each in found] == [["3:1", "3:2"]] * 2
    assert len({event.id for event in found[0]}) == 1  # a client keeps the id of the event before


async def test_a_websocket_subscription_has_alerts_when_it_asks_for_them(gateway: AlertGateway) -> None:
    """By its own filter's coverages."""
    async with aiohttp.ClientSession() as session, session.ws_connect(
        f"{gateway.url}/v1/ws", protocols=("liveline.v1",), headers={"Authorization": f"Bearer {ADMIN}"}
    ) as socket:  # fmt: skip
        for name, coverage in (("fire", "harbour-fire"), ("votes", "election")):
            await socket.send_json(
                {"type": "subscribe", "subscription": name, "alerts": True, "filter": {"coverage": coverage}}
            )
        live = 0
        async with asyncio.timeout(20):
            while live < 2:
                live += orjson.loads((await socket.receive()).data)["type"] == "live"
            gateway.raise_alert(an_alert(2))
            told = orjson.loads((await socket.receive()).data)

    assert (told["type"], told["subscription"]) == ("alert", "fire")
    assert told["alert"] == an_alert(2).to_dict()


async def test_what_came_while_the_projection_was_lost_is_told_once(gateway: AlertGateway) -> None:
    """Whoever stayed is told what is new; what was told already is not told again as the log is read anew."""
    async with gateway.stream("/v1/stream?alerts=true") as events:
        await until(events, "live")
        gateway.raise_alert(an_alert(2))
        first = titles(await take(events, 1))
        for path in gateway.folder.glob("archive.alerts.db*"):
            path.unlink()
        gateway.raise_alert(an_alert(3))
        rest = titles(await take(events, 1))

    assert (first, rest) == (["2:1"], ["3:1"])
