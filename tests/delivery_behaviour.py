"""What every transport does for its subscribers, on whatever log: one suite, run on a log in memory and on Kafka."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import aiohttp
import pytest
from gateway_harness import an_entry
from transport_clients import CLIENTS, Client, Told, entries, next_entries, told_until

from schemas import Change, Entry, Status
from streams.runtime.http import ConnectionLimits

GONE: dict[str, Any] = {"change": Change.RETRACTED, "status": Status.CANCELED, "headline": None, "body_text": None}


class Gateway(Protocol):
    """A gateway that listens, over a log that is written to."""

    @property
    def url(self) -> str:
        """Where it listens."""
        ...

    async def publish(self, entries: Sequence[Entry]) -> None:
        """Write revisions to the log."""
        ...

    async def held(self, entry: Entry) -> None:
        """Wait until the gateway has read a revision."""
        ...

    async def metrics(self) -> str:
        """Return its metrics."""
        ...

    async def stop(self) -> None:
        """End the gateway; the log stays."""
        ...

    async def start(self) -> None:
        """Start another one with the same archive."""
        ...


Start = Callable[..., AbstractAsyncContextManager[Gateway]]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
class DeliveryBehaviour:
    """Subclass it in a module that has a fixture `start`: what runs a gateway, with options of its configuration."""

    async def test_without_a_cursor_a_subscription_is_live(self, start: Start, client: Client) -> None:
        """Nothing of the past comes; there is a cursor before the first entry, and the bytes are the topic's."""
        async with start() as gateway:
            await gateway.publish([an_entry(1)])
            await gateway.held(an_entry(1))
            async with client.follow(gateway.url) as stream:
                (live,) = await told_until(stream, "live")
                await gateway.publish([an_entry(2)])
                (seen,) = await next_entries(stream, 1)
            async with client.follow(gateway.url, cursor=live.cursor) as stream:
                again = await told_until(stream, "live")

        assert seen.value == an_entry(2).to_json()
        assert entries(again) == [seen.revision]
        assert again[0].cursor == seen.cursor

    async def test_what_was_missed_over_a_restart_comes_once(self, start: Start, client: Client) -> None:
        """From the archive and from the log, in the log's order."""
        async with start(window_count=5, page_size=7) as gateway:
            async with client.follow(gateway.url) as stream:
                cursor = (await told_until(stream, "live"))[-1].cursor
            await gateway.publish([an_entry(number) for number in range(40)])
            await gateway.held(an_entry(39))
            await gateway.stop()
            await gateway.publish([an_entry(number) for number in range(40, 60)])
            await gateway.start()
            async with client.follow(gateway.url, cursor=cursor) as stream:
                told = await told_until(stream, "live")

        assert entries(told) == [(an_entry(number).entry_id, 1) for number in range(60)]

    async def test_random_disconnects_lose_and_double_nothing(self, start: Start, client: Client) -> None:
        """Who leaves and comes back with the last cursor has exactly the log."""
        rng = random.Random(20240501)
        total, done = 150, asyncio.Event()

        async def write(gateway: Gateway) -> None:
            number = 0
            while number < total:
                count = min(rng.randint(1, 8), total - number)
                await gateway.publish([an_entry(number + each) for each in range(count)])
                number += count
                await asyncio.sleep(rng.random() * 0.02)
            done.set()

        async def follow(gateway: Gateway, cursor: str, seed: int) -> list[tuple[str, int]]:
            own, seen = random.Random(seed), list[tuple[str, int]]()
            while not (done.is_set() and len(seen) >= total):
                async with client.follow(gateway.url, cursor=cursor) as stream:
                    for _ in range(own.randint(1, 40)):
                        try:
                            async with asyncio.timeout(0.5):
                                told = await anext(stream)
                        except TimeoutError:
                            break
                        assert told.kind in ("entry", "live")
                        cursor = told.cursor or cursor
                        seen += entries([told])
            return seen

        async with start(window_count=10, page_size=5) as gateway:
            async with client.follow(gateway.url) as stream:
                cursor = (await told_until(stream, "live"))[-1].cursor
            async with asyncio.timeout(120):
                _, *all_seen = await asyncio.gather(
                    write(gateway), *(follow(gateway, cursor, seed) for seed in range(4))
                )

        for seen in all_seen:
            assert sorted(seen) == sorted((an_entry(number).entry_id, 1) for number in range(total))

    @pytest.mark.parametrize("cursor", ["garbled", "AAAA"])
    async def test_incomplete_comes_before_the_current_state(self, start: Start, client: Client, cursor: str) -> None:
        """Every entry that fits in its newest revision, retracted ones not among them, without cursors until `live`."""
        async with start() as gateway:
            await gateway.publish([an_entry(1), an_entry(2), an_entry(3), an_entry(1, 2), an_entry(3, 2, **GONE)])
            await gateway.held(an_entry(3, 2))
            async with client.follow(gateway.url, cursor=cursor) as stream:
                told = await told_until(stream, "live")
            async with client.follow(gateway.url, replay="latest") as stream:
                latest = await told_until(stream, "live")

        assert [each.kind for each in told] == ["incomplete", "entry", "entry", "live"]
        assert [bool(each.cursor) for each in told] == [False, False, False, True]
        assert sorted(entries(told)) == sorted([(an_entry(1).entry_id, 2), (an_entry(2).entry_id, 1)])
        assert [(each.kind, each.value) for each in latest] == [(each.kind, each.value) for each in told[1:]]

    async def test_since_gives_the_log_from_a_time(self, start: Start, client: Client) -> None:
        """By the time at which a document was received."""
        later = an_entry(2, received_at=an_entry(2).received_at.replace(hour=14))
        async with start() as gateway:
            await gateway.publish([an_entry(1), later])
            await gateway.held(later)
            async with client.follow(gateway.url, since="2024-05-01T15:30:00+02:00") as stream:
                told = await told_until(stream, "live")

        assert entries(told) == [(later.entry_id, 1)]

    async def test_filters_hold_live_and_over_a_resume(self, start: Start, client: Client) -> None:
        """What left the filter is marked, a retraction reaches those who had the entry, and nobody else."""
        steps = [
            an_entry(1, key_event=True), an_entry(2), an_entry(1, 2, key_event=False), an_entry(2, 2, **GONE),
            an_entry(3, coverage_id="election", source_id="gazette", key_event=True), an_entry(1, 3, **GONE),
        ]  # fmt: skip
        wanted = {"coverage": "harbour-fire", "key_event": True}
        async with start() as gateway:
            async with client.follow(gateway.url, **wanted) as stream:
                cursor = (await told_until(stream, "live"))[-1].cursor
                for each in steps:
                    await gateway.publish([each])
                live = await next_entries(stream, 3)
            async with client.follow(gateway.url, cursor=cursor, **wanted) as stream:
                resumed = (await told_until(stream, "live"))[:-1]

        one = an_entry(1).entry_id
        assert [(each.kind, each.revision) for each in live] == [
            ("entry", (one, 1)), ("left", (one, 2)), ("left", (one, 3)),
        ]  # fmt: skip
        assert [(each.kind, each.revision, each.cursor) for each in resumed] == [
            (each.kind, each.revision, each.cursor) for each in live
        ]

    async def test_a_slow_reader_is_dropped_and_others_are_not_slowed(self, start: Start, client: Client) -> None:
        """Once more than the backlog waits for it."""
        async with (
            start(backlog_bytes=256 * 1024) as gateway,
            client.follow(gateway.url) as slow,
            client.follow(gateway.url) as quick,
        ):
            await told_until(slow, "live")
            await told_until(quick, "live")
            reading = asyncio.create_task(next_entries(quick, 150, 60))
            for number in range(0, 150, 5):
                await gateway.publish([an_entry(each, body_text="x" * 100_000) for each in range(number, number + 5)])
                await gateway.held(an_entry(number + 4))
            seen = await reading
            assert "liveline_gateway_dropped_subscribers_total 1.0" in await gateway.metrics()

        assert entries(seen) == [(an_entry(number).entry_id, 1) for number in range(150)]

    async def test_one_that_never_reads_is_dropped_while_it_catches_up(self, start: Start, client: Client) -> None:
        """A slow one that does read gets everything."""
        limits = ConnectionLimits(stall_timeout=1.5)
        async with start(connections=limits, window_count=5) as gateway:
            for number in range(0, 300, 20):
                await gateway.publish([an_entry(each, body_text="x" * 60_000) for each in range(number, number + 20)])
            await gateway.held(an_entry(299))
            begin = {"since": "2024-01-01T00:00:00Z"}
            async with client.follow(gateway.url, **begin) as dead, client.follow(gateway.url, **begin) as slow:
                seen: list[Told] = []
                async with asyncio.timeout(60):
                    async for told in slow:
                        seen.append(told)
                        if told.kind == "live":
                            break
                        if len(seen) % 50 == 0:
                            await asyncio.sleep(0.3)
                    # The slow one's, and the one that asks.
                    while "liveline_gateway_connections 2.0" not in await gateway.metrics():
                        await asyncio.sleep(0.1)
                rest = 0
                with contextlib.suppress(aiohttp.ClientError, StopAsyncIteration):
                    while True:
                        rest += len(await next_entries(dead, 1))

        assert len(entries(seen)) == 300
        assert rest < 300

    async def test_one_that_left_leaves_nothing_behind(self, start: Start, client: Client) -> None:
        """Neither a subscriber nor a connection."""
        async with start() as gateway:
            async with client.follow(gateway.url) as stream:
                await told_until(stream, "live")
                assert "liveline_gateway_subscribers 1.0" in await gateway.metrics()
            async with asyncio.timeout(20):
                while not {"liveline_gateway_subscribers 0.0", "liveline_gateway_connections 1.0"} <= {
                    *(await gateway.metrics()).splitlines()
                }:
                    await asyncio.sleep(0.05)

    async def test_a_gateway_that_goes_down_ends_its_streams_first(self, start: Start, client: Client) -> None:
        """What was written arrives, and the client goes on elsewhere with its cursor."""
        async with start() as gateway:
            async with client.follow(gateway.url) as stream:
                await told_until(stream, "live")
                await gateway.publish([an_entry(1)])
                (seen,) = await next_entries(stream, 1)
                stopping = asyncio.create_task(gateway.stop())
                async with asyncio.timeout(20):
                    rest = [told.kind async for told in stream]
                await stopping
            await gateway.publish([an_entry(2)])
            await gateway.start()
            async with client.follow(gateway.url, cursor=seen.cursor) as stream:
                told = await told_until(stream, "live")

        assert rest == (["reconnect"] if client.name == "websocket" else [])
        assert entries(told) == [(an_entry(2).entry_id, 1)]
