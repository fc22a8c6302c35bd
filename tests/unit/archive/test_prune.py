"""Forgetting what is old."""

from pathlib import Path
from typing import Any

import structlog
from gateway_harness import an_entry

from schemas.entry import Figure, FigureKind
from streams.archive import Revision, SqliteArchive
from streams.archive.facets import Facets
from streams.archive.search import SearchPlace, SearchQuery
from streams.gateway.delivery.filters import Filter

EVERYTHING = Filter()


def revision(number: int, version: int, offset: int, **fields: Any) -> Revision:
    """Return a record, a second after its offset."""
    dead = Figure(kind=FigureKind.DEAD, value=number, text="x", start=0, end=1)
    entry = an_entry(number, version, figures=[dead], **fields)
    facets = Facets.of(entry.to_dict())
    return Revision(0, offset, offset * 1000, entry.entry_id, version, entry.to_json(), facets)


async def test_old_entries_are_forgotten_everywhere_and_revised_ones_whole(tmp_path: Path) -> None:
    """In lists, revisions, search and figures; one that was revised since keeps its history."""
    archive = SqliteArchive(tmp_path / "a.db", structlog.get_logger())
    await archive.open("log", (0,))
    await archive.append([revision(1, 1, 0), revision(2, 1, 1), revision(1, 2, 5), revision(3, 1, 6)], {0: 7})

    assert await archive.prune(5000) == 1
    assert await archive.prune(5000) == 0

    forgotten, kept = an_entry(2).entry_id, an_entry(1).entry_id
    found = await archive.search(SearchQuery.read("update"), EVERYTHING, SearchPlace(), 10)
    assert {hit.revision.entry_id for hit in found.hits} == {kept, an_entry(3).entry_id}
    assert [each.revision for each in (await archive.revisions(kept, None, 10)).revisions] == [2, 1]
    assert (await archive.revisions(forgotten, None, 10)).revisions == []
    assert forgotten not in {each.entry_id for each in await archive.figures("harbour-fire")}
    assert len((await archive.entries(EVERYTHING, None, 10)).revisions) == 2
    await archive.close()


async def test_a_reader_from_before_is_told_and_the_start_stays(tmp_path: Path) -> None:
    """The floor rises above what was forgotten, also after a restart; when the coverage began is still known."""
    archive = SqliteArchive(tmp_path / "a.db", structlog.get_logger())
    await archive.open("log", (0,))
    await archive.append([revision(1, 1, 0), revision(2, 1, 3), revision(3, 1, 6)], {0: 7})
    (before,) = await archive.coverages()
    await archive.prune(5000)
    assert archive.floor == {0: 4}
    (after,) = await archive.coverages()
    assert (after.started_at, after.entries) == (before.started_at, 1)
    await archive.close()

    again = SqliteArchive(tmp_path / "a.db", structlog.get_logger())
    await again.open("log", (0,))
    assert (dict(again.floor), dict(again.position)) == ({0: 4}, {0: 7})
    await again.close()


async def test_a_forgotten_entry_that_is_revised_comes_back(tmp_path: Path) -> None:
    """As one whose earlier revisions this log no longer has."""
    archive = SqliteArchive(tmp_path / "a.db", structlog.get_logger())
    await archive.open("log", (0,))
    await archive.append([revision(1, 1, 0)], {0: 1})
    await archive.prune(5000)
    (kept,) = await archive.append([revision(1, 2, 9)], {0: 10})

    assert kept.past is None
    found = await archive.search(SearchQuery.read("update"), EVERYTHING, SearchPlace(), 10)
    assert [hit.revision.revision for hit in found.hits] == [2]
    await archive.close()


async def test_many_are_forgotten_in_steps(tmp_path: Path) -> None:
    """More than one transaction takes."""
    archive = SqliteArchive(tmp_path / "a.db", structlog.get_logger())
    await archive.open("log", (0,))
    await archive.append([revision(n, 1, n) for n in range(1200)], {0: 1200})

    assert await archive.prune(1_100_000) == 1100
    assert archive.floor == {0: 1100}
    assert len((await archive.entries(EVERYTHING, None, 200)).revisions) == 100
    await archive.close()
