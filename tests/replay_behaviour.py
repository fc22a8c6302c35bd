"""What a replay over HTTP does, on whatever log: one suite, run on a log in memory and on Kafka."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlencode

import aiohttp
import pytest
from delivery_behaviour import Gateway, Start
from gateway_harness import NOON, Event, an_entry, read_events, take, until

from schemas import Change, Entry, Status
from streams.testing import FakeClock

_COVERAGE = "harbour-fire"


def at(seconds: float) -> str:
    """Return a time, so many seconds after noon."""
    return (NOON + timedelta(seconds=seconds)).isoformat()


def entry_at(number: int, **fields: object) -> Entry:
    """Return an entry received so many seconds after noon."""
    return an_entry(number, received_at=NOON + timedelta(seconds=number), **fields)


@asynccontextmanager
async def replay(
    gateway: Gateway, cursor: str | None = None, coverage: str = _COVERAGE, **query: object
) -> AsyncIterator[AsyncIterator[Event]]:
    """Open a replay and hand over its events."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{gateway.url}/v1/coverages/{coverage}/replay?{urlencode(query)}",
            headers={"Last-Event-ID": cursor} if cursor else {},
            timeout=aiohttp.ClientTimeout(total=None),
        ) as response,
    ):
        assert response.status == 200, await response.text()
        yield read_events(response)


async def all_of(gateway: Gateway, cursor: str | None = None, **query: object) -> list[Event]:
    """Return the events of a replay to the connection's end."""
    async with asyncio.timeout(60), replay(gateway, cursor, **query) as events:
        return [event async for event in events]


async def refused(gateway: Gateway, **query: object) -> aiohttp.ClientResponse:
    """Return the answer to a replay that is refused, its body read."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{gateway.url}/v1/coverages/{_COVERAGE}/replay?{urlencode(query)}") as response,
    ):
        await response.read()
        return response


class ReplayBehaviour:
    """Subclass it in a module that has a fixture `start`: what runs a gateway, with options of its configuration."""

    async def test_a_period_comes_as_it_was_and_ends(self, start: Start) -> None:
        """From within, to without, the topic's bytes; then `end`, and the connection is closed."""
        entries = [entry_at(number) for number in range(40)]
        async with start(window_count=5, page_size=7) as gateway:
            await gateway.publish(entries)
            await gateway.held(entries[-1])
            events = await all_of(gateway, **{"from": at(5), "to": at(35)})
            newest = await all_of(gateway, **{"from": at(38), "to": at(60)})

        assert [event.data.encode() for event in events[:-1]] == [each.to_json() for each in entries[5:35]]
        assert [(event.event, event.json) for event in events[-1:]] == [("end", {"cursor": events[-1].id})]
        assert [event.event for event in newest] == ["entry", "entry", "end"]

    async def test_without_an_end_it_goes_on_live(self, start: Start) -> None:
        """After what was received since comes `live`, then what is new."""
        async with start() as gateway:
            await gateway.publish([entry_at(1), entry_at(2)])
            await gateway.held(entry_at(2))
            async with replay(gateway, **{"from": at(2)}) as events:
                told = await until(events, "live")
                await gateway.publish([entry_at(3)])
                (new,) = await take(events, 1)

        assert [event.event for event in told] == ["entry", "live"]
        assert told[0].revision[0] == entry_at(2).entry_id
        assert new.revision[0] == entry_at(3).entry_id

    @pytest.mark.parametrize("speed", ["max", "10000"])
    async def test_each_id_is_a_cursor_of_the_same_address(self, start: Start, speed: str) -> None:
        """Who breaks off anywhere and comes back has everything once, from archive and memory, over a restart too."""
        entries = [entry_at(number) for number in range(60)]
        query = {"from": at(10), "to": at(50), "speed": speed}
        seen: list[Event] = []
        async with start(window_count=5, page_size=7) as gateway:
            await gateway.publish(entries)
            await gateway.held(entries[-1])
            for count in (1, 13, 8):
                async with replay(gateway, seen[-1].id if seen else None, **query) as events:
                    seen += await take(events, count)
            await gateway.stop()
            await gateway.start()
            seen += await all_of(gateway, seen[-1].id, **query)
            again = await all_of(gateway, seen[-1].id, **query)

        assert [event.event for event in seen[-1:]] == ["end"]
        assert [event.revision[0] for event in seen[:-1]] == [each.entry_id for each in entries[10:50]]
        assert [event.event for event in again] == ["end"]

    async def test_a_cursor_that_cannot_be_continued_begins_again(self, start: Start) -> None:
        """It says so by `incomplete`; then comes all of the period."""
        async with start() as gateway:
            await gateway.publish([entry_at(1), entry_at(2)])
            await gateway.held(entry_at(2))
            events = await all_of(gateway, "garbled", **{"from": at(0), "to": at(9)})

        assert [event.event for event in events] == ["incomplete", "entry", "entry", "end"]

    async def test_a_speed_keeps_the_distances(self, start: Start) -> None:
        """The first comes at once, each other not before its time; what is left out is not waited for."""
        entries = [entry_at(1000), entry_at(1040), entry_at(1080), entry_at(9_000_000, source_id="radio-quay")]
        async with start() as gateway:
            await gateway.publish(entries)
            await gateway.held(entries[-1])
            query = {"from": at(0), "to": at(10_000_000), "source": "evening-post", "speed": "100"}
            async with asyncio.timeout(60), replay(gateway, **query) as events:
                came = [(event.event, time.monotonic()) async for event in events]

        assert [event for event, _ in came] == ["entry", "entry", "entry", "end"]
        assert came[2][1] - came[0][1] > 0.7  # 80 s, at 100 times the speed

    async def test_so_many_replays_at_a_speed_and_no_more(self, start: Start) -> None:
        """The next is a 503 with `Retry-After`; one at `max` is none of them, and a place is free once one leaves."""
        async with start(paced_replays=2) as gateway:
            await gateway.publish([entry_at(1), entry_at(500)])
            await gateway.held(entry_at(500))
            paced = {"from": at(0), "to": at(600), "speed": "original"}
            async with replay(gateway, **paced) as one, replay(gateway, **paced) as other:
                await take(one, 1)
                await take(other, 1)
                answer = await refused(gateway, **paced)
                assert "liveline_gateway_paced_replays 2.0" in await gateway.metrics()
                quick = await all_of(gateway, **{**paced, "speed": "max"})
            async with asyncio.timeout(20):
                while "liveline_gateway_paced_replays 0.0" not in await gateway.metrics():
                    await asyncio.sleep(0.05)
            async with replay(gateway, **paced) as third:
                await take(third, 1)

        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert [event.event for event in quick] == ["entry", "entry", "end"]

    async def test_filters_hold_as_on_a_stream(self, start: Start) -> None:
        """What left the filter is marked, and a retraction reaches those who had the entry."""
        gone = {"change": Change.RETRACTED, "status": Status.CANCELED, "headline": None, "body_text": None}
        steps = [
            entry_at(1, key_event=True), entry_at(2), an_entry(1, 2, key_event=False), an_entry(2, 2, **gone),
            entry_at(3, key_event=True), an_entry(3, 2, **gone),
        ]  # fmt: skip
        async with start(window_count=2) as gateway:
            await gateway.publish(steps)
            await gateway.held(steps[-1])
            events = await all_of(gateway, **{"from": at(0), "to": at(9), "key_event": "true"})

        one, three = an_entry(1).entry_id, an_entry(3).entry_id
        assert [(event.event, event.revision) for event in events[:-1]] == [
            ("entry", (one, 1)), ("entry-left", (one, 2)), ("entry", (three, 1)), ("entry-left", (three, 2)),
        ]  # fmt: skip

    async def test_an_end_that_is_still_to_come_is_waited_for(self, start: Start) -> None:
        """What is received before it comes, what is received later does not."""
        clock = FakeClock(NOON + timedelta(seconds=30))
        async with start(clock=clock) as gateway:
            await gateway.publish([entry_at(10)])
            await gateway.held(entry_at(10))
            async with replay(gateway, **{"from": at(0), "to": at(60)}) as events:
                seen = await take(events, 1)
                await gateway.publish([entry_at(40), entry_at(70)])
                seen += await take(events, 1)
                clock.advance(timedelta(seconds=31))
                async with asyncio.timeout(20):
                    rest = [event.event async for event in events]

        assert [event.revision[0] for event in seen] == [entry_at(10).entry_id, entry_at(40).entry_id]
        assert rest == ["end"]

    async def test_a_gateway_that_goes_down_ends_its_replays(self, start: Start) -> None:
        """Also one that waits for a revision's time; elsewhere it goes on with its cursor."""
        query = {"from": at(0), "to": at(9_000_000)}
        async with start() as gateway:
            await gateway.publish([entry_at(1), entry_at(8_000_000)])
            await gateway.held(entry_at(8_000_000))
            async with replay(gateway, **query, speed="original") as events:
                (first,) = await take(events, 1)
                stopping = asyncio.create_task(gateway.stop())
                async with asyncio.timeout(20):
                    rest = [event async for event in events]
                await stopping
            await gateway.start()
            others = await all_of(gateway, first.id, **query)

        assert rest == []
        assert [event.event for event in others] == ["entry", "end"]

    async def test_who_never_reads_is_cut_off(self, start: Start) -> None:
        """A replay as fast as can be waits for its client, but not for ever."""
        from_the_start = {"from": at(0), "to": at(900)}
        async with start(window_count=5) as gateway:
            for number in range(0, 300, 20):
                await gateway.publish([entry_at(each, body_text="x" * 60_000) for each in range(number, number + 20)])
            await gateway.held(entry_at(299))
            async with replay(gateway, **from_the_start) as dead:
                async with asyncio.timeout(60):
                    while 'liveline_gateway_cut_connections_total{reason="stalled"} 1.0' not in await gateway.metrics():
                        await asyncio.sleep(0.1)
                rest = 0
                with contextlib.suppress(aiohttp.ClientError, StopAsyncIteration):
                    while True:
                        await anext(dead)
                        rest += 1

        assert rest < 300

    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ({}, "from"),
            ({"from": "yesterday"}, "from"),
            ({"from": "2024-05-01T12:00:00"}, "zone"),
            ({"from": at(2), "to": at(1)}, "from is after to"),
            ({"from": at(1), "to": "soon"}, "to"),
            *(({"from": at(1), "speed": speed}, "speed") for speed in ("0", "-1", "nan", "inf", "fast", "1e999")),
            ({"from": at(1), "since": at(1)}, "since"),
            ({"from": at(1), "min_urgency": "0"}, "min_urgency"),
        ],
    )
    async def test_what_is_wrong_is_named(self, start: Start, query: dict[str, str], named: str) -> None:
        """By a 400."""
        async with start() as gateway:
            await gateway.publish([entry_at(1)])
            await gateway.held(entry_at(1))
            answer = await refused(gateway, **query)

            assert answer.status == 400
            assert named in (await answer.json(content_type=None))["detail"]
