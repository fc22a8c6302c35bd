"""Subscribers of a real gateway on a real Kafka."""

import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from gateway_harness import Bench, Event, Worker, a_bench, an_entry, take, until

from streams.runtime.http import ConnectionLimits

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka


async def test_a_new_subscriber_starts_live_with_a_cursor(bench: Bench) -> None:
    """Without a cursor nothing of the past comes, and the client can resume before its first entry."""
    await bench.worker.publish([an_entry(1)])
    await bench.holds(an_entry(1))
    async with bench.stream() as events:
        first = await until(events, "live")
        await bench.worker.publish([an_entry(2)])
        (event,) = await take(events, 1)

    assert event.revision == (an_entry(2).entry_id, 1)
    assert event.data.encode() == an_entry(2).to_json()
    assert first[-1].id

    async with bench.stream(cursor=first[-1].id) as events:
        assert [e.revision for e in await until(events, "live") if e.event == "entry"] == [event.revision]


async def test_random_disconnects_lose_and_double_nothing(bench: Bench) -> None:
    """Clients that leave and return with their cursor have exactly the log, whatever transactions were aborted."""
    rng = random.Random(20240501)
    total = 400
    published: list[tuple[str, int]] = []
    done = asyncio.Event()

    async def write() -> None:
        number = 0
        while number < total:
            batch = [
                an_entry(number + i, coverage_id=rng.choice(("harbour-fire", "election")))
                for i in range(rng.randint(1, 8))
            ]
            number += len(batch)
            await bench.worker.publish(batch, abort=True)
            await bench.worker.publish(batch)
            published.extend((entry.entry_id, entry.revision) for entry in batch)
            await asyncio.sleep(rng.random() * 0.03)
        done.set()

    async def follow(cursor: str, seed: int) -> list[tuple[str, int]]:
        own = random.Random(seed)
        seen: list[tuple[str, int]] = []
        while not (done.is_set() and len(seen) >= len(published)):
            async with bench.stream(cursor=cursor) as events:
                for _ in range(own.randint(1, 60)):
                    try:
                        async with asyncio.timeout(1):
                            event = await anext(events)
                    except TimeoutError:
                        break
                    assert event.event in ("entry", "live", "message")
                    cursor = event.id or cursor
                    if event.event == "entry":
                        seen.append(event.revision)
            await asyncio.sleep(own.random() * 0.05)
        return seen

    async with bench.stream() as events:
        cursor = (await until(events, "live"))[-1].id
    async with asyncio.timeout(120):
        _, *all_seen = await asyncio.gather(write(), *(follow(cursor, seed) for seed in range(8)))

    for seen in all_seen:
        assert len(seen) == len(set(seen)), "doubled"
        assert set(seen) == set(published)


async def test_what_is_not_committed_is_not_passed_by_the_cursor(bench: Bench) -> None:
    """A record in an open transaction comes after those behind it were seen elsewhere, and is not skipped."""
    async with bench.stream() as events:
        await until(events, "live")
        await bench.worker.producer.begin_transaction()
        held = an_entry(1)
        await bench.worker.producer.send_and_wait(
            bench.worker.topic, held.to_json(), key=b"k", partition=sum(b"harbour-fire") % bench.partitions
        )
        other = an_entry(2, coverage_id="election", source_id="gazette")
        async with Worker(bench.bootstrap, bench.worker.topic, bench.partitions) as second:
            await second.publish([other])
            await second.publish([an_entry(3)])
        (seen,) = await take(events, 1)
        cursor = seen.id
    assert seen.revision[0] == other.entry_id

    await bench.worker.producer.commit_transaction()
    async with bench.stream(cursor=cursor) as events:
        assert [e.revision[0] for e in await take(events, 2)] == [held.entry_id, an_entry(3).entry_id]


async def test_a_restarted_gateway_resumes_from_its_archive(kafka: RealKafka, tmp_path: Path) -> None:
    """What a client missed over a restart comes from the archive; nothing is lost and nothing comes twice."""
    async with a_bench(kafka.bootstrap, tmp_path, window_count=5, page_size=7) as bench:
        await bench.ready()
        async with bench.stream() as events:
            cursor = (await until(events, "live"))[-1].id
        await bench.worker.publish([an_entry(n) for n in range(40)])
        await bench.stop()
        await bench.worker.publish([an_entry(n) for n in range(40, 60)])
        await bench.start()

        async with bench.stream(cursor=cursor) as events:
            seen = [e.revision[0] for e in await until(events, "live") if e.event == "entry"]

    assert seen == [an_entry(n).entry_id for n in range(60)]


@pytest.mark.parametrize("cursor", ["garbled", "AAAA", "eW91"])
async def test_a_cursor_that_is_none_gets_the_current_state_and_is_told(bench: Bench, cursor: str) -> None:
    """A cursor that can't be continued is answered with the newest revisions and `incomplete`, never silently."""
    await bench.worker.publish([an_entry(1), an_entry(2), an_entry(1, 2, headline="Changed")])
    await bench.holds(an_entry(1, 2))

    async with bench.stream(cursor=cursor) as events:
        seen = await until(events, "live")

    assert [e.event for e in seen if e.event != "message"] == ["incomplete", "entry", "entry", "live"]
    assert {e.revision for e in seen if e.event == "entry"} == {(an_entry(1).entry_id, 2), (an_entry(2).entry_id, 1)}
    assert [bool(e.id) for e in seen if e.event in ("incomplete", "entry")] == [False] * 3


async def test_replay_latest_and_since(bench: Bench) -> None:
    """`replay=latest` gives the newest revision of each entry of the coverage, `since` the log from a time.

    A revision's time is when its document was received, whenever it was processed.
    """
    await bench.worker.publish([an_entry(1), an_entry(2), an_entry(9, coverage_id="election", source_id="gazette")])
    await bench.holds(an_entry(2))
    moment = "2024-05-01T14:30:00%2B02:00"
    await bench.worker.publish([an_entry(1, 2, received_at=datetime(2024, 5, 1, 12, 30, tzinfo=UTC))])
    await bench.holds(an_entry(1, 2))

    def entries(seen: list[Event]) -> list[tuple[str, int]]:
        return [e.revision for e in seen if e.event == "entry"]

    async with bench.stream("/v1/coverages/harbour-fire/stream?replay=latest") as events:
        assert entries(await until(events, "live")) == [(an_entry(1).entry_id, 2), (an_entry(2).entry_id, 1)]
    async with bench.stream(f"/v1/stream?since={moment}") as events:
        assert entries(await until(events, "live")) == [(an_entry(1).entry_id, 2)]


async def test_a_slow_reader_is_dropped_and_others_are_not_slowed(kafka: RealKafka, tmp_path: Path) -> None:
    """A client that stops reading loses its connection; another has every entry meanwhile."""
    async with a_bench(kafka.bootstrap, tmp_path, backlog_bytes=512 * 1024) as bench:
        await bench.ready()
        host, port = bench.server.url.removeprefix("http://").split(":")
        slow_reader, slow_writer = await asyncio.open_connection(host, int(port), limit=1024)
        slow_writer.write(b"GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n")
        await slow_writer.drain()
        async with bench.stream() as events:
            await until(events, "live")
            reading = asyncio.create_task(take(events, 120))
            for n in range(120):
                await bench.worker.publish([an_entry(n, body_text="x" * 100_000)])
            seen = await reading
            assert "liveline_gateway_dropped_subscribers_total 1.0" in await (await bench.get("/metrics")).text()
            with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                await slow_reader.readexactly(120 * 100_000)
        slow_writer.close()

    assert [e.revision[0] for e in seen] == [an_entry(n).entry_id for n in range(120)]


async def test_one_that_never_reads_is_dropped_while_it_catches_up(kafka: RealKafka, tmp_path: Path) -> None:
    """What waits for it meanwhile is bounded; a slow one that does read gets everything."""
    limits = ConnectionLimits(stall_timeout=1.0)
    async with a_bench(kafka.bootstrap, tmp_path, connections=limits, window_count=5) as bench:
        await bench.ready()
        for n in range(0, 300, 20):
            await bench.worker.publish([an_entry(number, body_text="x" * 60_000) for number in range(n, n + 20)])
        await bench.holds(an_entry(299))
        host, port = bench.server.url.removeprefix("http://").split(":")
        readers = [await asyncio.open_connection(host, int(port), limit=1024) for _ in range(10)]
        for _, writer in readers:
            writer.write(b"GET /v1/stream?since=2024-01-01T00:00:00Z HTTP/1.1\r\nHost: x\r\n\r\n")
        seen = []
        async with bench.stream("/v1/stream?since=2024-01-01T00:00:00Z") as events, asyncio.timeout(60):
            async for event in events:
                if event.event == "live":
                    break
                seen.append(event.event)
                if len(seen) % 25 == 0:
                    await asyncio.sleep(0.2)
            cut = 'liveline_gateway_cut_connections_total{reason="stalled"} 10.0'
            while cut not in await (await bench.get("/metrics")).text():
                await asyncio.sleep(0.1)
        for reader, writer in readers:
            with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                await reader.readexactly(300 * 60_000)
            writer.close()

    assert seen.count("entry") == 300
