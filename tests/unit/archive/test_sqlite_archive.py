"""The archive in SQLite."""

import asyncio
import contextlib
import os
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from gateway_harness import an_entry
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from schemas import Status
from streams.archive import ArchiveLostError, Due, Revision, SqliteArchive, due
from streams.archive.facets import Facets
from streams.gateway.delivery.filters import Filter

PARTITIONS = (0, 1)
LOG = structlog.get_logger()


def revision(number: int, version: int = 1, *, partition: int = 0, offset: int, **fields: Any) -> Revision:
    """Return a record, a second after its offset."""
    entry = an_entry(number, version, **fields)
    facets = Facets.of(entry.to_dict())
    return Revision(partition, offset, offset * 1000, entry.entry_id, version, entry.to_json(), facets)


def places(revisions: Any) -> list[tuple[int, int]]:
    """Return where revisions stand."""
    return [(each.partition, each.offset) for each in revisions]


@asynccontextmanager
async def opened(path: Path, identity: str = "log") -> AsyncIterator[SqliteArchive]:
    """Open the archive, and close it."""
    archive = SqliteArchive(path, LOG)
    await archive.open(identity, PARTITIONS)
    try:
        yield archive
    finally:
        await archive.close()


async def test_a_restart_goes_on_from_the_stored_offsets(tmp_path: Path) -> None:
    """Revisions and offsets come back together; what is read again is kept once and not delivered again."""
    async with opened(tmp_path / "a.db") as archive:
        assert archive.position == {0: 0, 1: 0}
        await archive.append([revision(1, offset=3)], {0: 5})
    async with opened(tmp_path / "a.db") as archive:
        assert archive.position == {0: 5, 1: 0}
        again = await archive.append([revision(1, offset=3), revision(2, offset=7)], {0: 8})
        page = await archive.after({0: 0, 1: 0}, Filter(), None, 10)

    assert places(again) == [(0, 7)]
    assert places(page.revisions) == [(0, 3), (0, 7)]
    assert dict(page.position) == {0: 8, 1: 0}


async def test_the_archive_of_another_log_is_set_aside(tmp_path: Path) -> None:
    """A topic made anew begins a new archive; the old file stays, under another name."""
    async with opened(tmp_path / "a.db") as archive:
        await archive.append([revision(1, offset=3)], {0: 4})
    async with opened(tmp_path / "a.db", "another") as archive:
        assert archive.position == {0: 0, 1: 0}
    async with opened(tmp_path / "a.db.1") as kept:
        assert kept.position == {0: 4, 1: 0}


def damaged(path: Path, damage: str) -> bytes:
    """Damage a file in one of several ways, and return what it holds then."""
    whole = path.read_bytes()
    damages = {"no database at all": b"what" * 5000, "cut off": whole[:5000], "header gone": b"x" * 99 + whole[99:]}
    broken = damages.get(damage, b"")
    path.write_bytes(broken)
    return broken


def content(path: str) -> bytes:
    """Return what a file holds."""
    return Path(path).read_bytes()


def remove(path: Path) -> None:
    """Delete an archive's files."""
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def overwrite(path: Path) -> None:
    """Write over all pages but the first."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 400_000)


@pytest.mark.parametrize("damage", ["no database at all", "cut off", "header gone", "empty"])
async def test_a_broken_file_is_set_aside(tmp_path: Path, damage: str) -> None:
    """It is built anew from Kafka, so it stops nothing; the log tells where it is kept."""
    path = tmp_path / "a.db"
    async with opened(path) as archive:
        await archive.append([revision(n, offset=n) for n in range(50)], {0: 50})
    broken = damaged(path, damage)
    with capture_logs() as logs:
        async with opened(path) as archive:
            assert archive.position == {0: 0, 1: 0}
            assert archive.lost() is None
            assert places(await archive.append([revision(1, offset=1)], {0: 2})) == [(0, 1)]

    if damage != "empty":  # that is a new one
        (told,) = [line for line in logs if line["event"] == "archive.set_aside"]
        assert (told["reason"], content(told["kept_as"])) == ("corrupt", broken)


async def test_a_file_that_breaks_or_goes_while_it_is_used_is_noticed(tmp_path: Path) -> None:
    """Readers are told to come again, and the archive says what is the matter."""
    for damage in ("corrupt", "missing"):
        path = tmp_path / f"{damage}.db"
        archive = SqliteArchive(path, LOG)
        await archive.open("log", PARTITIONS)
        await archive.append([revision(n, offset=n, body_text="x" * 3000) for n in range(200)], {0: 200})
        if damage == "missing":
            remove(path)
        else:
            await archive._write(archive._writer.execute, "PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
            overwrite(path)
            with pytest.raises(ArchiveLostError):
                await archive.after({0: 0, 1: 0}, Filter(), None, 100)
        assert archive.lost() == damage
        with contextlib.suppress(sqlite3.Error, ArchiveLostError):
            await archive.close()
        archive.set_aside(damage)
        async with opened(path) as anew:
            assert anew.position == {0: 0, 1: 0}


async def test_an_archive_that_can_not_be_reached_is_left_alone(tmp_path: Path) -> None:
    """A lock, a directory or a permission is no reason to begin anew."""
    (tmp_path / "a.db").mkdir()
    archive = SqliteArchive(tmp_path / "a.db", LOG)
    with pytest.raises(sqlite3.OperationalError):
        await archive.open("log", PARTITIONS)
    await archive.close()

    assert os.listdir(tmp_path) == ["a.db"]  # noqa: PTH208


async def test_a_failed_batch_leaves_nothing_behind(tmp_path: Path) -> None:
    """Revisions without their offsets, or offsets without their revisions, there are none."""
    async with opened(tmp_path / "a.db") as archive:
        broken = Revision(0, 2, 0, "x", 1, None, Facets("c", "s"))  # type: ignore[arg-type]
        for _ in range(2):
            with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
                await archive.append([revision(1, offset=1), broken], {0: 3})
        assert (await archive.after({0: 0}, Filter(), None, 10)).revisions == []
        assert archive.position == {0: 0, 1: 0}
        assert places(await archive.append([revision(1, offset=1)], {0: 3})) == [(0, 1)]


async def test_a_gap_in_the_log_begins_the_history_anew(tmp_path: Path) -> None:
    """What retention took before it was read is known to be missing, also after a restart."""
    async with opened(tmp_path / "a.db") as archive:
        await archive.append([revision(1, offset=1)], {0: 2})
        await archive.restart({0: 50})
        await archive.append([revision(2, offset=50)], {0: 51})
    async with opened(tmp_path / "a.db") as archive:
        assert (dict(archive.floor), dict(archive.position)) == ({0: 50, 1: 0}, {0: 51, 1: 0})
        assert await archive.since(0) == ({0: 50, 1: 0}, False)
        newest = await archive.latest({0: 99, 1: 99}, Filter(), None, 10)

    assert places(newest.revisions) == [(0, 1), (0, 50)]


async def test_since_is_the_first_offset_of_a_time(tmp_path: Path) -> None:
    """In each partition on its own; a time to come is the end."""
    async with opened(tmp_path / "a.db") as archive:
        records = [revision(n, partition=n % 2, offset=n) for n in range(6)]
        await archive.append(records, {0: 5, 1: 6})

        assert await archive.since(2500) == ({0: 4, 1: 3}, True)
        assert await archive.since(99_000) == ({0: 5, 1: 6}, True)


async def test_latest_leaves_out_what_the_log_still_brings(tmp_path: Path) -> None:
    """An entry that was revised after the snapshot's position comes once, with what follows it."""
    async with opened(tmp_path / "a.db") as archive:
        first = [revision(1, offset=0), revision(2, offset=1)]
        await archive.append(first, {0: 2})
        until = dict(archive.position)
        await archive.append([revision(1, 2, offset=2)], {0: 3})

        newest = await archive.latest(until, Filter(), None, 10)
        following = await archive.after(until, Filter(), None, 10)

    assert places(newest.revisions) == [(0, 1)]
    assert places(following.revisions) == [(0, 2)]


async def test_browsing_is_paged_newest_first(tmp_path: Path) -> None:
    """Entries and revisions come in pages that neither overlap nor leave anything out."""
    async with opened(tmp_path / "a.db") as archive:
        records = [revision(n, offset=n, urgency=1 if n % 3 else 5) for n in range(20)]
        records += [revision(4, v, offset=20 + v, urgency=1) for v in range(2, 6)]
        await archive.append(records, {0: 99})
        seen, place = [], None
        while True:
            page = await archive.entries(Filter(min_urgency=1), place, 3)
            seen += [each.entry_id for each in page.revisions]
            if (place := page.next) is None:
                break
        some = await archive.revisions(an_entry(4).entry_id, None, 3)
        rest = await archive.revisions(an_entry(4).entry_id, some.next, 3)
        (held,) = await archive.coverages()

        assert (await archive.tail(Filter(), 1), await archive.tail(Filter(), 5)) == (20, 16)
        assert await archive.tail(Filter(), 50) == 0
        assert await archive.tail(Filter(coverages=frozenset({"election"})), 1) == 0

    assert seen == [an_entry(n).entry_id for n in reversed(range(20)) if n % 3]
    assert [each.revision for each in [*some.revisions, *rest.revisions]] == [5, 4, 3, 2, 1]
    assert (held.coverage_id, held.entries, held.changed_at, rest.next) == ("harbour-fire", 20, 25_000, None)


async def test_what_was_taken_back_is_browsed_by_itself(tmp_path: Path) -> None:
    """Retracted entries stand neither among the others nor in a snapshot; asked for, they come alone."""
    async with opened(tmp_path / "a.db") as archive:
        gone = revision(1, 2, offset=2, status=Status.WITHHELD)
        await archive.append([revision(1, offset=0), revision(2, offset=1), gone], {0: 3})

        assert places((await archive.entries(Filter(), None, 10)).revisions) == [(0, 1)]
        assert places((await archive.entries(Filter(), None, 10, gone=True)).revisions) == [(0, 2)]
        assert places((await archive.latest({0: 3}, Filter(), None, 10)).revisions) == [(0, 1)]


async def test_a_page_of_large_revisions_ends_early(tmp_path: Path) -> None:
    """What waits in memory for a slow reader is bounded by bytes, not only by a count; nothing is left out."""
    async with opened(tmp_path / "a.db") as archive:
        await archive.append([revision(n, offset=n, body_text="x" * 60_000) for n in range(10)], {0: 10})
        pages, following, place = [], None, {0: 0}
        while not pages or following is not None:
            page = await archive.after(place, Filter(), following, 200)
            pages.append(places(page.revisions))
            place, following = dict(page.position), page.next

    assert [len(page) for page in pages] == [3, 3, 3, 1]
    assert [place for page in pages for place in page] == [(0, n) for n in range(10)]


REVISED = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(1, 3),
        st.sampled_from(["fire", "flood", None]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(REVISED, st.tuples(st.integers(0, 60), st.integers(0, 60)), st.integers(1, 7))
def test_history_is_what_live_was(
    steps: list[tuple[int, int, str | None, bool, bool]], asked: tuple[int, int], size: int
) -> None:
    """From any position, in pages of any size and under any filter: exactly what a live subscriber was sent."""

    async def run(folder: str) -> None:
        async with opened(Path(folder) / "a.db") as archive:
            ends, versions = {0: 0, 1: 0}, dict.fromkeys(range(6), 0)
            live: list[Revision] = []
            for number, gap, word, duplicate, gone in steps:
                partition = number % 2
                ends[partition] += gap
                versions[number] += 1
                record = revision(
                    number,
                    versions[number],
                    partition=partition,
                    offset=ends[partition] - 1,
                    headline=word,
                    duplicate_of="another" if duplicate else None,
                    status=Status.CANCELED if gone and versions[number] > 1 else Status.USABLE,
                    coverage_id=f"c{partition}",
                )
                live += await archive.append([record], {partition: ends[partition]})
            position = dict(enumerate(asked))
            for wanted in (Filter(), Filter(words=frozenset({"fire"})), Filter(coverages=frozenset({"c1"}))):
                expected = [
                    place
                    for each in live
                    if due(wanted, each) is not Due.NOT
                    and (place := (each.partition, each.offset))[1] >= position[place[0]]
                ]
                found, place, following = [], dict(position), None
                while True:
                    page = await archive.after(place, wanted, following, size)
                    found += places(page.revisions)
                    place.update(page.position)
                    if (following := page.next) is None:
                        break
                assert found == expected
                assert place == {p: max(position[p], ends[p]) for p in position}

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(folder))
