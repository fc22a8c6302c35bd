"""Which entries a feed shows, and what is told to a client that has it already."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import orjson
import pytest
from gateway_harness import NOON, an_entry

from schemas import Change, Status
from streams.gateway.feeds.routes import FORMATS
from tests.unit.gateway.archive_bench import ArchiveBench, an_archive_bench

SUFFIXES = sorted(FORMATS)


def gone(number: int, revision: int, **fields: Any) -> Any:
    """Return a retraction, which has no content."""
    return an_entry(
        number, revision, change=Change.RETRACTED, status=Status.CANCELED, headline=None, body_text=None, **fields
    )


async def shown(bench: ArchiveBench, query: str = "") -> list[str]:
    """Return the headlines of a feed."""
    answer = await bench.get(f"/coverages/harbour-fire/feed.json{query}")
    return [item["title"] for item in orjson.loads(answer.body)["items"]]


async def test_retractions_and_duplicates_leave_and_the_newest_fifty_stay(bench: ArchiveBench) -> None:
    """However many newer ones are retracted; a duplicate comes only if it is asked for."""
    original = an_entry(0)
    await bench.publish([original, *(an_entry(n) for n in range(1, 60))])
    await bench.publish([an_entry(n) for n in range(100, 500)] + [gone(n, 2) for n in range(100, 500)])
    await bench.publish([an_entry(60, duplicate_of=original.entry_id, source_id="radio-quay")])

    assert await shown(bench) == [f"Update {n}" for n in range(59, 9, -1)]
    assert (await shown(bench, "?duplicates=include&source=radio-quay")) == ["Update 60"]


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_a_client_that_has_it_is_told_so_until_something_changes(bench: ArchiveBench, suffix: str) -> None:
    """By its ETag or its time; an edit within the same second and a retraction give both anew."""
    path = f"/coverages/harbour-fire/feed.{suffix}"
    await bench.publish([an_entry(1), an_entry(2)])
    validators = set()
    for change in ([], [an_entry(1, 2, headline="Anew")], [gone(2, 2)]):
        await bench.publish(change)
        answer = await bench.get(path)
        etag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
        assert answer.headers["Content-Type"] == FORMATS[suffix][0]
        assert (await bench.get(path, If_None_Match=etag)).status == 304
        assert (await bench.get(path, If_Modified_Since=modified)).status == 304
        assert (await bench.get(path, If_None_Match='"other"', If_Modified_Since=modified)).status == 200
        for old, then in validators:
            assert (await bench.get(path, If_None_Match=old, If_Modified_Since=then)).status == 200
            assert (await bench.get(path, If_Modified_Since=then)).status == 200
        validators.add((etag, modified))

    assert len(validators) == 3


async def test_an_edit_moves_updated_and_keeps_id_and_published(bench: ArchiveBench) -> None:
    """Also if its source gives the edit no time of its own."""
    later = NOON + timedelta(minutes=5)
    seen = []
    for revision in (an_entry(1), an_entry(1, 2, headline="Anew", received_at=later, published_at=later)):
        await bench.publish([revision])
        (entry,) = feedparser.parse(await bench.feed("atom")).entries
        seen.append((entry.id, entry.published, entry.updated))

    assert seen[0][:2] == seen[1][:2]
    assert (seen[0][2], seen[1][2]) == ("2024-05-01T12:00:00Z", "2024-05-01T12:05:00Z")


async def test_the_start_of_a_coverage_never_drifts(bench: ArchiveBench) -> None:
    """Neither when its first entry is retracted, nor when fifty newer ones hide it."""
    early = NOON - timedelta(hours=2)
    await bench.publish([an_entry(0, first_published_at=early)])
    starts = set()
    for change in ([], [gone(0, 2, first_published_at=early)], [an_entry(n) for n in range(1, 70)]):
        await bench.publish(change)
        starts.add(orjson.loads(await bench.feed("jsonld"))["coverageStartTime"])

    assert starts == {"2024-05-01T10:00:00Z"}


async def test_a_coverage_that_is_over_has_an_end(bench: ArchiveBench) -> None:
    """The time of its newest update."""
    await bench.publish([an_entry(1, coverage_id="election"), an_entry(2, coverage_id="election", updated_at=NOON)])

    assert orjson.loads(await bench.feed("jsonld", "election"))["coverageEndTime"] == "2024-05-01T12:00:00Z"


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_a_coverage_without_entries_has_an_empty_feed(bench: ArchiveBench, suffix: str) -> None:
    """It is a feed all the same, of which nothing is known to have changed."""
    answer = await bench.get(f"/coverages/quiet/feed.{suffix}")

    assert answer.status == 200
    assert "Last-Modified" not in answer.headers
    assert b"Nothing yet" in answer.body


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("coverage", "query", "status"),
    [
        ("no-such", "", 404),
        ("secret", "", 404),
        ("harbour-fire", "?min_urgency=x", 400),
        ("harbour-fire", "?utm_source=mail&utm_medium=x", 200),
    ],
)
async def test_who_is_refused(bench: ArchiveBench, suffix: str, coverage: str, query: str, status: int) -> None:
    """An unknown coverage and one that may not be read; what others append to links is passed over."""
    assert (await bench.get(f"/coverages/{coverage}/feed.{suffix}{query}")).status == status


async def test_links_have_the_address_that_was_asked_without_a_public_one(tmp_path: Path) -> None:
    """A Host that is none is refused: it would stand in every link."""
    async with an_archive_bench(tmp_path) as bench:
        told = orjson.loads(await bench.feed("json", "quiet"))
        bad = await bench.get("/coverages/quiet/feed.json", Host='x"><script>')
        assert told["feed_url"] == str(bench.server.make_url("/coverages/quiet/feed.json"))

    assert bad.status == 400
