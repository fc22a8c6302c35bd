"""Feeds, search and figures of a gateway, on a real Kafka."""

from pathlib import Path

import feedparser
import pytest
from gateway_harness import NOON, Bench, a_bench, an_entry

from schemas import Change, Status
from schemas.entry import Figure, FigureKind

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka
DEAD = Figure(kind=FigureKind.DEAD, value=3, text="3", start=0, end=1)


async def test_what_the_log_holds_is_in_feeds_search_and_figures(bench: Bench) -> None:
    """And leaves all of them with its retraction."""
    entries = [an_entry(1, figures=[DEAD]), an_entry(2)]
    await bench.worker.publish(entries)
    await bench.holds(entries[1])

    async def shown() -> tuple[int, int, list[bool]]:
        feed = feedparser.parse(await bench_text(bench, "/coverages/harbour-fire/feed.atom"))
        found = await bench_json(bench, "/v1/search?q=happened&coverage=harbour-fire")
        (series,) = (await bench_json(bench, "/v1/coverages/harbour-fire/figures?kind=dead"))["figures"]
        return len(feed.entries), len(found["entries"]), [point["standing"] for point in series["points"]]

    assert await shown() == (2, 2, [True])

    gone = an_entry(1, 2, change=Change.RETRACTED, status=Status.CANCELED, headline=None, body_text=None)
    await bench.worker.publish([gone])
    await bench.holds(gone)
    assert await shown() == (1, 1, [False])
    for path in ("/coverages/no-such/feed.rss", "/v1/search?q=x&coverage=no-such", "/v1/coverages/no-such/figures"):
        assert (await bench.get(path)).status == 404


async def test_a_gateway_forgets_what_is_older_than_it_keeps(kafka: RealKafka, tmp_path: Path) -> None:
    """With `LIVELINE_ARCHIVE_KEPT`: an entry of years ago is gone soon."""
    async with a_bench(kafka.bootstrap, tmp_path, archive_kept=NOON - NOON.replace(year=2023)) as bench:
        await bench.ready()
        await bench.worker.publish([an_entry(1)])
        await bench.holds(an_entry(1))
        await bench.stop()
        await bench.start()
        await bench.ready()
        await bench.until(f"/v1/entries/{an_entry(1).entry_id}", 404)


async def bench_text(bench: Bench, path: str) -> bytes:
    """Return an answer's body."""
    async with bench.session.get(bench.server.url + path) as answer:
        assert answer.status == 200
        return await answer.read()


async def bench_json(bench: Bench, path: str) -> dict[str, list[dict[str, list[dict[str, bool]]]]]:
    """Return what an answer holds."""
    async with bench.session.get(bench.server.url + path) as answer:
        assert answer.status == 200
        return dict(await answer.json())
