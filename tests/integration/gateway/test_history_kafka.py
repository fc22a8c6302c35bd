"""Snapshots, logs that were cut or replaced, and REST, on a real Kafka."""

import asyncio
import random
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from gateway_harness import Bench, a_bench, an_entry, take, until

from schemas import Change, Status
from streams.gateway.delivery.cursor import encode_cursor, log_tag

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka


async def test_a_snapshot_and_what_follows_are_one(kafka: RealKafka, tmp_path: Path) -> None:
    """Whoever begins with `replay=latest` amid edits ends with every entry's newest revision, none of them twice."""
    rng = random.Random(7)
    async with a_bench(kafka.bootstrap, tmp_path, page_size=5, window_count=10) as bench:
        await bench.ready()
        revisions = dict.fromkeys(range(25), 0)

        async def write() -> None:
            for _ in range(150):
                number = rng.randrange(25)
                revisions[number] += 1
                await bench.worker.publish([an_entry(number, revisions[number])])
                await asyncio.sleep(0)
            await bench.worker.publish([an_entry(99)])

        async def begin(after: float) -> list[tuple[str, int]]:
            await asyncio.sleep(after)
            seen = []
            async with bench.stream("/v1/coverages/harbour-fire/stream?replay=latest") as events, asyncio.timeout(60):
                async for event in events:
                    if event.event == "entry":
                        seen.append(event.revision)
                        if event.revision[0] == an_entry(99).entry_id:
                            return seen
            raise AssertionError("the stream ended")

        _, *all_seen = await asyncio.gather(write(), *(begin(n * 0.1) for n in range(10)))

    newest = {an_entry(n).entry_id: v for n, v in revisions.items() if v} | {an_entry(99).entry_id: 1}
    for seen in all_seen:
        assert len(seen) == len(set(seen)), "doubled"
        state: dict[str, int] = {}
        for entry_id, revision in seen:
            assert state.get(entry_id, 0) < revision, "out of order"
            state[entry_id] = revision
        assert state == newest


async def test_a_retraction_reaches_those_whom_its_words_no_longer_fit(bench: Bench) -> None:
    """Live and in a resume alike, a filter holds for what an entry was; who never saw it isn't told."""
    path = "/v1/stream?q=drums"
    async with bench.stream(path) as events:
        cursor = (await until(events, "live"))[-1].id
        gone = an_entry(1, 2, change=Change.RETRACTED, status=Status.CANCELED, headline=None, body_text=None)
        other = gone.model_copy(update={"entry_id": an_entry(2).entry_id})
        await bench.worker.publish([an_entry(1, headline="400 drums"), an_entry(2, headline="Ferries"), other, gone])
        live = await until(events, "entry-left")
    async with bench.stream(path, cursor=cursor) as events:
        resumed = [e for e in await until(events, "live") if e.event.startswith("entry")]
    async with bench.stream("/v1/stream", cursor=cursor) as events:
        unfiltered = [e.event for e in await until(events, "live") if e.event.startswith("entry")]
    async with bench.stream("/v1/stream", cursor="lost") as events:
        state = await until(events, "live")

    assert [(e.event, e.revision) for e in live] == [
        ("entry", (an_entry(1).entry_id, 1)),
        ("entry-left", (an_entry(1).entry_id, 2)),
    ]
    assert unfiltered == ["entry"] * 4, "its own fields mark a retraction that fits"
    assert [e.event for e in state if e.event != "message"] == ["incomplete", "live"], "what is retracted is no state"
    assert [(e.revision, e.id) for e in resumed] == [(e.revision, e.id) for e in live]


async def test_what_retention_took_is_told(kafka: RealKafka, tmp_path: Path) -> None:
    """A gateway that was away while the log was cut says `incomplete` to those whose place it was."""
    async with a_bench(kafka.bootstrap, tmp_path) as bench:
        await bench.ready()
        async with bench.stream() as events:
            await until(events, "live")
            await bench.worker.publish([an_entry(1)])
            (seen,) = await take(events, 1)
        await bench.stop()
        await bench.worker.publish([an_entry(n) for n in range(2, 6)])
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
        await admin.start()
        partition = TopicPartition(bench.names.entries, sum(b"harbour-fire") % bench.partitions)
        await admin.delete_records({partition: RecordsToDelete(before_offset=4)})
        await admin.close()
        await bench.start()
        await bench.ready()

        async with bench.stream(cursor=seen.id) as events:
            told = [e for e in await until(events, "live") if e.event != "message"]
        async with bench.stream(cursor=told[-1].id) as events:
            again = [e.event for e in await until(events, "live") if e.event != "message"]

    assert [e.event for e in told] == ["incomplete", "entry", "entry", "entry", "live"]
    assert {e.revision[0] for e in told if e.event == "entry"} == {an_entry(n).entry_id for n in (1, 4, 5)}
    assert again == ["live"]


async def test_a_log_made_anew_is_another(kafka: RealKafka, tmp_path: Path) -> None:
    """Offsets of the old log mean nothing in the new one: the cursor is refused, the old archive is kept aside."""
    async with a_bench(kafka.bootstrap, tmp_path) as bench:
        await bench.ready()
        await bench.worker.publish([an_entry(1), an_entry(2)])
        await bench.holds(an_entry(2))
        async with bench.stream("/v1/stream?replay=latest") as events:
            cursor = (await until(events, "live"))[-1].id
        await bench.stop()
        bench.identity = "the topic, made anew"
        await bench.start()
        await bench.ready()
        async with bench.stream(cursor=cursor) as events:
            told = await until(events, "live")

    assert "another log" in next(e for e in told if e.event == "incomplete").data
    assert (tmp_path / "archive.db.1").exists()


async def test_a_cursor_ahead_of_the_log_is_not_waited_for_forever(kafka: RealKafka, tmp_path: Path) -> None:
    """A log that lost its end would otherwise leave its readers without a word."""
    async with a_bench(kafka.bootstrap, tmp_path, cursor_wait=0.3) as bench:
        await bench.ready()
        ahead = encode_cursor(log_tag(bench.names.prefix), {0: 7, 1: 7, 2: 7})
        async with bench.stream(cursor=ahead) as events:
            told = [e.event for e in await until(events, "live") if e.event != "message"]

    assert told == ["incomplete", "live"]


async def test_rest_reads_what_was_published(bench: Bench) -> None:
    """Coverages, entries and revisions, in pages, with ETags, each revision's bytes as on the topic."""
    second = an_entry(1, 2, headline="Changed")
    await bench.worker.publish([an_entry(n) for n in range(5)])
    await bench.worker.publish([second, an_entry(7, source_id="radio-quay", duplicate_of=an_entry(1).entry_id)])
    await bench.worker.publish([an_entry(8, coverage_id="election", source_id="gazette")])
    for published in (second, an_entry(7), an_entry(8)):
        await bench.holds(published)

    coverages = (await (await bench.get("/v1/coverages")).json())["coverages"]
    page = await (await bench.get("/v1/coverages/harbour-fire/entries?limit=3")).json()
    rest = await (await bench.get(f"/v1/coverages/harbour-fire/entries?limit=3&cursor={page['next']}")).json()
    revisions = await (await bench.get(f"/v1/entries/{second.entry_id}/revisions")).json()
    entry = await bench.get(f"/v1/entries/{second.entry_id}")
    same = await bench.get(f"/v1/entries/{second.entry_id}", headers={"If-None-Match": entry.headers["ETag"]})

    assert [(c["id"], c["title"], c["entries"]) for c in coverages] == [
        ("harbour-fire", "Harbour fire", 6),
        ("election", "Election night", 1),
    ]
    assert [e["headline"] for e in page["entries"] + rest["entries"]] == [
        "Update 4", "Update 3", "Update 2", "Changed", "Update 0",
    ]  # fmt: skip
    assert "next" not in rest
    assert [r["revision"] for r in revisions["revisions"]] == [2, 1]
    assert (await entry.text()).encode() == second.to_json()
    assert (same.status, await same.text()) == (304, "")
    assert (await bench.get("/v1/entries/unknown")).status == 404
    for path in ("/v1/coverages/unknown", "/v1/coverages/unknown/entries", "/v1/coverages/unknown/stream",
                 "/v1/stream?coverage=election,unknown", "/coverages/unknown", "/v1/entries/unknown/revisions",
                 "/v1/entries/unknown/revisions?cursor=1"):  # fmt: skip
        answer = await bench.get(path)
        assert (answer.status, answer.content_type) == (404, "application/problem+json"), path
    ended = await bench.get(f"/v1/entries/{second.entry_id}/revisions?cursor=1")
    assert (ended.status, await ended.json()) == (200, {"revisions": []})
    assert (await bench.get("/v1/coverages/harbour-fire/entries?cursor=!")).status == 400


@pytest.mark.parametrize("how", ["deleted", "corrupt"])
async def test_an_archive_that_is_lost_is_built_anew(kafka: RealKafka, tmp_path: Path, how: str) -> None:
    """While the gateway runs: a little later all is there again, from Kafka, and readers resume where they were."""
    entries = "/v1/coverages/harbour-fire/entries"
    async with a_bench(kafka.bootstrap, tmp_path, window_count=5) as bench:
        await bench.ready()
        async with bench.stream() as events:
            cursor = (await until(events, "live"))[-1].id
        for n in range(0, 100, 10):
            await bench.worker.publish([an_entry(number, body_text="x" * 5000) for number in range(n, n + 10)])
        await bench.holds(an_entry(99))
        lose(tmp_path / "archive.db", how)
        await bench.worker.publish([an_entry(number) for number in range(100, 110)])
        async with asyncio.timeout(30):
            while not (tmp_path / ("archive.db" if how == "deleted" else "archive.db.1")).exists():
                # The connection that wrote has it all in memory still, and may serve the next reader. Two that read at
                # once need a second connection, which finds that the file is broken.
                for answer in await asyncio.gather(bench.get(entries), bench.get("/v1/search?q=update")):
                    assert answer.status in (200, 503)
                await asyncio.sleep(0.05)
        await bench.ready()
        await bench.holds(an_entry(109))
        async with bench.stream(cursor=cursor) as events:
            seen = [e.revision[0] for e in await until(events, "live") if e.event == "entry"]
        reason = await (await bench.get("/readyz")).text()

    assert seen == [an_entry(n).entry_id for n in range(110)]
    assert str(tmp_path) not in reason


def lose(path: Path, how: str) -> None:
    """Delete or damage an archive's files."""
    for each in path.parent.glob(f"{path.name}*"):
        if how == "deleted":
            each.unlink()
        elif not each.name.endswith("-shm"):
            with each.open("r+b") as file:
                file.seek(100)
                file.write(b"\xff" * max(0, each.stat().st_size - 100))
