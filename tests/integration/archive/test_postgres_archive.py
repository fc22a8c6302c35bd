"""The archive in PostgreSQL: what all archives do, and what several processes do on one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from archive_behaviour import (
    EVERYTHING,
    LOG,
    PARTITIONS,
    ArchiveBehaviour,
    a_writer,
    drained,
    found,
    has_written,
    ids,
    kill,
    opened,
    places,
    revision,
)
from structlog.testing import capture_logs

from streams.archive import Archive, ArchiveError, ArchiveLostError, open_archive

from real_postgres import RealPostgres


@pytest.fixture
def url(postgres: RealPostgres) -> str:
    """Return the URL of an empty database."""
    return postgres.new_database()


def run(url: str, statement: str) -> list[Any]:
    """Run a statement behind everybody's back."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []


@asynccontextmanager
async def two(url: str) -> AsyncIterator[tuple[Archive, Archive]]:
    """Open one archive as two gateways do."""
    async with opened(url) as one, opened(url) as other:
        yield one, other


class TestPostgresArchive(ArchiveBehaviour):
    """On a server of the session's own."""


async def test_what_one_wrote_the_other_is_given_once(url: str) -> None:
    """Each is given all records that it appends, with the same pasts; the archive holds them once."""
    batch = [revision(1, offset=0), revision(1, 2, offset=1, headline="Other"), revision(2, offset=2)]
    async with two(url) as (one, other):
        first = await one.append(batch, {0: 3})
        late = await other.append(batch[:2], {0: 2})
        rest = await other.append(batch[1:], {0: 3})
        again = [*(await one.append(batch, {0: 3})), *(await other.append(batch, {0: 3}))]
        held = await drained(one)

    assert [*late, *rest] == first
    assert [len(list(each.past or ())) for each in first] == [0, 1, 0]
    assert again == []
    assert held == [(0, 0), (0, 1), (0, 2)]


async def test_pasts_are_those_of_before_also_where_the_archive_is_ahead(url: str) -> None:
    """A gateway that reads later than another is not told what an entry became afterwards."""
    versions = [revision(1, n + 1, offset=n, headline=f"Form {n}") for n in range(5)]
    async with opened(url) as one:
        await one.append(versions[:2], {0: 2})
        async with opened(url) as other:  # it remembers nothing of the entry
            ahead = await one.append(versions[2:], {0: 5})
            behind = await other.append(versions[2:], {0: 5})

    assert [len(list(each.past or ())) for each in behind] == [2, 3, 4]
    assert behind == ahead


async def test_partitions_read_in_another_order_are_held_once(url: str) -> None:
    """Each gateway polls Kafka at its own pace; batches that overlap in any way leave no gap and no double."""
    records = [revision(n, partition=n % 2, offset=n // 2) for n in range(200)]
    by_partition = {p: [each for each in records if each.partition == p] for p in PARTITIONS}

    async def feed(archive: Archive, order: list[int], size: int) -> list[tuple[int, int]]:
        given = []
        for partition in order:
            mine = by_partition[partition]
            for start in range(0, len(mine), size):
                some = mine[start : start + size]
                given += places(await archive.append(some, {partition: some[-1].offset + 1}))
        return given

    async with two(url) as (one, other):
        given = await asyncio.gather(feed(one, [0, 1], 7), feed(other, [1, 0], 5))
        held = await drained(one)
        found_all = len(await found(one, "update"))

    everything = sorted(places(records))
    assert [sorted(each) for each in given] == [everything, everything]
    assert sorted(held) == everything
    assert [each for each in held if each[0] == 0] == sorted(each for each in held if each[0] == 0)
    assert found_all == 50


async def test_writers_that_are_killed_leave_no_gap_to_the_others(url: str) -> None:
    """Two processes append the same log; one is killed by turns, the other goes on; then all is there once."""
    processes = [await a_writer(url), await a_writer(url)]
    for turn in range(4):
        await has_written(processes[turn % 2], 60)
        await kill(processes[turn % 2])
        await has_written(processes[1 - turn % 2], 60)
        processes[turn % 2] = await a_writer(url)
    for process in processes:
        await kill(process)
    async with opened(url) as archive:
        assert await drained(archive) == [(0, offset) for offset in range(archive.position[0])]
        assert archive.position[0] > 240


async def test_a_writer_that_stands_still_does_not_keep_the_others(url: str) -> None:
    """Its transaction is ended by the server, and nothing of it is kept."""
    async with opened(url) as archive:
        stuck = psycopg.connect(url)
        stuck.execute("SET idle_in_transaction_session_timeout TO '1s'")
        stuck.execute("SELECT * FROM liveline_archive_1.log FOR UPDATE")
        async with asyncio.timeout(30):
            assert places(await archive.append([revision(1, offset=0)], {0: 1})) == [(0, 0)]
        with pytest.raises(psycopg.Error):
            stuck.execute("SELECT 1")
        stuck.close()
        (told,) = run(url, "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'")
        assert told == (0,)


async def test_what_was_pruned_by_another_is_known(url: str) -> None:
    """A page says that it is not whole at once; the floor that cursors are held against follows."""
    async with two(url) as (one, other):
        await one.append([revision(n, offset=n) for n in range(4)], {0: 4})
        await other.append([revision(n, offset=n) for n in range(4)], {0: 4})
        assert await other.prune(3000) == 3
        assert not (await one.after({0: 0, 1: 0}, EVERYTHING, None, 10)).whole
        async with asyncio.timeout(30):
            while one.floor != {0: 3, 1: 0}:
                await asyncio.sleep(0.05)


async def test_one_that_is_set_aside_is_left_by_all(url: str) -> None:
    """Each notices, whichever set it aside; the old schema stays as it was, the new one begins empty."""
    async with two(url) as (one, other):
        await one.append([revision(1, offset=0)], {0: 1})
        await one.set_aside("corrupt")
        await one.set_aside("corrupt")
        async with asyncio.timeout(30):
            while (one.lost(), other.lost()) != ("replaced", "replaced"):
                await asyncio.sleep(0.05)
        async with opened(url) as anew:
            assert anew.position == {0: 0, 1: 0}
            await other.set_aside("replaced")
            await anew.append([revision(2, offset=0)], {0: 1})
            assert anew.lost() is None
    assert run(url, "SELECT number, set_aside FROM liveline_archives ORDER BY 1") == [(1, "corrupt"), (2, None)]
    assert run(url, "SELECT count(*) FROM liveline_archive_1.revisions") == [(1,)]


async def test_a_schema_that_was_dropped_is_built_anew(url: str) -> None:
    """As a file that was taken away."""
    async with opened(url) as archive:
        await archive.append([revision(1, offset=0)], {0: 1})
        run(url, "DROP SCHEMA liveline_archive_1 CASCADE")
        with pytest.raises(ArchiveLostError):
            await archive.append([revision(2, offset=1)], {0: 2})
        assert archive.lost() == "missing"
    await archive.set_aside("missing")
    async with opened(url) as anew:
        assert anew.position == {0: 0, 1: 0}


async def test_a_database_that_was_put_back_is_noticed(url: str) -> None:
    """It ends before what this gateway has read: going on would leave a gap."""
    async with opened(url) as archive:
        await archive.append([revision(n, offset=n) for n in range(4)], {0: 4})
        run(url, "DELETE FROM liveline_archive_1.revisions WHERE seq > 2")
        run(url, "DELETE FROM liveline_archive_1.entries WHERE newest > 2")
        run(url, "UPDATE liveline_archive_1.positions SET next = 2 WHERE partition = 0")
        with pytest.raises(ArchiveError, match="was put back"):
            await archive.append([revision(4, offset=4)], {0: 5})
        assert archive.lost() == "behind"
    await archive.set_aside("behind")
    async with opened(url) as again:
        assert again.position == {0: 2, 1: 0}


async def test_logs_on_one_database_keep_to_themselves(url: str) -> None:
    """Two installations, or two generations: each finds its own again, whichever came last."""
    for identity, number in (("a", 1), ("b", 2)):
        async with opened(url, identity) as archive:
            await archive.append([revision(number, offset=number)], {0: number + 1})
    for identity, number in (("a", 1), ("b", 2), ("a", 1)):
        async with opened(url, identity) as archive:
            assert archive.position[0] == number + 1
            assert await found(archive, "update") == ids(number)


async def test_gateways_that_start_together_make_one_archive(url: str) -> None:
    """They wait for one another."""
    archives = [open_archive(url, LOG) for _ in range(6)]
    try:
        await asyncio.gather(*(archive.open("log", PARTITIONS) for archive in archives))
    finally:
        await asyncio.gather(*(archive.close() for archive in archives))

    assert run(url, "SELECT number FROM liveline_archives") == [(1,)]


async def test_connections_that_break_are_made_anew(url: str) -> None:
    """After the server has ended them all, one try fails at most for each, and nothing is lost or doubled."""
    async with opened(url) as archive:
        await archive.append([revision(0, offset=0)], {0: 1})
        run(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()")
        with pytest.raises(ArchiveError):
            await archive.append([revision(1, offset=1)], {0: 2})
        assert archive.lost() is None
        assert places(await archive.append([revision(1, offset=1)], {0: 2})) == [(0, 1)]
        assert await drained(archive) == [(0, 0), (0, 1)]


async def test_a_form_that_a_newer_liveline_made_is_refused(url: str) -> None:
    """It may be other gateways' own: nothing is set aside."""
    async with opened(url):
        pass
    run(url, "UPDATE liveline_archive_1.liveline_archive_version SET version_num = '9999'")
    archive = open_archive(url, LOG)
    with pytest.raises(ArchiveError, match="newer Liveline"):
        await archive.open("log", PARTITIONS)
    await archive.close()
    assert run(url, "SELECT number, set_aside FROM liveline_archives") == [(1, None)]


async def test_no_message_holds_the_password(url: str) -> None:
    """Neither an error nor the log."""
    wrong = f"postgresql://nobody:tell-tale@127.0.0.1:1/{uuid4().hex}?password=tell-tale"
    archive = open_archive(wrong, LOG)
    with capture_logs() as logs, pytest.raises(ArchiveError) as raised:
        await archive.open("log", PARTITIONS)
    await archive.close()
    assert "127.0.0.1" in str(raised.value)
    assert "tell-tale" not in str(raised.value) + repr(logs)
