"""The archive in SQLite: what all archives do, and what becomes of its file."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from archive_behaviour import EVERYTHING, LOG, PARTITIONS, ArchiveBehaviour, found, ids, opened, places, revision
from gateway_harness import an_entry
from structlog.testing import capture_logs

from streams.archive import ArchiveError, ArchiveLostError, open_archive
from streams.archive.sql.tables import METADATA

BEFORE_ALEMBIC = (Path(__file__).parent / "liveline_v3.sql").read_text()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the URL of a file that is not there yet."""
    return f"sqlite:///{tmp_path}/behaviour.db"


class TestSqliteArchive(ArchiveBehaviour):
    """On a file."""


def file_from_before(path: Path, version: int = 3) -> None:
    """Write a file as a gateway left it before Alembic."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(BEFORE_ALEMBIC)
        connection.execute("INSERT INTO log VALUES ('log', ?)", (version,))
        connection.execute("INSERT INTO positions VALUES (0, 0, 8), (1, 2, 5)")
        for seq, record in enumerate([revision(1, offset=3), revision(2, offset=4), revision(1, 2, offset=7)], 1):
            connection.execute(
                "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (seq, 0, record.offset, record.timestamp, record.now.coverage, record.entry_id, record.revision,
                 record.value),
            )  # fmt: skip
        connection.execute("INSERT INTO entries VALUES (1, ?, 'harbour-fire', 3)", (an_entry(1).entry_id,))
        connection.execute("INSERT INTO entries VALUES (2, ?, 'harbour-fire', 2)", (an_entry(2).entry_id,))
        connection.execute("INSERT INTO coverages VALUES ('harbour-fire', 77)")
        connection.execute("INSERT INTO found (rowid, headline, body) VALUES (1, 'update 1', ''), (2, 'update 2', '')")


async def test_a_file_from_before_alembic_goes_on(tmp_path: Path) -> None:
    """Nothing is set aside; positions, revisions, search and the start of the coverage are as they were."""
    path = tmp_path / "a.db"
    file_from_before(path)
    async with opened(f"sqlite:///{path}") as archive:
        assert (dict(archive.position), dict(archive.floor)) == ({0: 8, 1: 5}, {0: 0, 1: 2})
        (again,) = await archive.append([revision(1, 3, offset=9)], {0: 10})
        assert [each.coverage for each in again.past or ()] == ["harbour-fire"] * 2
        (heard,) = await archive.sources()
        (held,) = await archive.coverages()
        assert (heard.source_id, heard.entries, held.started_at) == ("evening-post", 2, 77)
        assert sorted(await found(archive, "update")) == sorted(ids(1, 2))
        page = await archive.after({0: 0, 1: 2}, EVERYTHING, None, 10)
        assert places(page.revisions) == [(0, 3), (0, 4), (0, 7), (0, 9)]
    assert os.listdir(tmp_path) == ["a.db"]  # noqa: PTH208


async def test_both_ways_lead_to_the_same_tables(tmp_path: Path) -> None:
    """A file brought forward, a new one, and `tables` have the same columns."""
    file_from_before(tmp_path / "old.db")
    forms = []
    for name in ("old.db", "new.db"):
        async with opened(f"sqlite:///{tmp_path}/{name}"):
            pass
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            forms.append(
                {
                    table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
                    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
                }
            )
            indexes = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
            assert {index.name for table in METADATA.tables.values() for index in table.indexes} <= indexes

    assert forms[0] == forms[1]
    assert {name: {column.name for column in table.columns} for name, table in METADATA.tables.items()}.items() <= (
        forms[0].items()
    )


@pytest.mark.parametrize("form", ["version 2", "a newer form"])
async def test_a_file_of_another_version_is_set_aside(tmp_path: Path, form: str) -> None:
    """One too old to be brought forward, or made by a newer Liveline; it keeps its bytes."""
    path = tmp_path / "a.db"
    if form == "version 2":
        file_from_before(path, 2)
    else:
        async with opened(f"sqlite:///{path}"):
            pass
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE liveline_archive_version SET version_num = '9999'")
    with capture_logs() as logs:
        async with opened(f"sqlite:///{path}") as archive:
            assert archive.position == {0: 0, 1: 0}

    assert [line["reason"] for line in logs if line["event"] == "archive.set_aside"] == ["another_version"]
    assert (tmp_path / "a.db.1").is_file()


async def test_the_file_of_another_log_keeps_its_bytes(tmp_path: Path) -> None:
    """It stays, under another name."""
    url = f"sqlite:///{tmp_path}/a.db"
    async with opened(url) as archive:
        await archive.append([revision(1, offset=3)], {0: 4})
    async with opened(url, "another"):
        pass
    async with opened(f"{url}.1") as kept:
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
    async with opened(f"sqlite:///{path}") as archive:
        await archive.append([revision(n, offset=n) for n in range(50)], {0: 50})
    broken = damaged(path, damage)
    with capture_logs() as logs:
        async with opened(f"sqlite:///{path}") as archive:
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
        archive = open_archive(f"sqlite:///{path}", LOG)
        await archive.open("log", PARTITIONS)
        await archive.append([revision(n, offset=n, body_text="x" * 3000) for n in range(200)], {0: 200})
        if damage == "missing":
            remove(path)
        else:
            await archive.append([], {})  # the reader's and the writer's connections are open
            with closing(sqlite3.connect(path)) as other:
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            overwrite(path)
            with pytest.raises(ArchiveLostError):
                await archive.after({0: 0, 1: 0}, EVERYTHING, None, 100)
        assert archive.lost() == damage
        await archive.close()
        await archive.set_aside(damage)
        async with opened(f"sqlite:///{path}") as anew:
            assert anew.position == {0: 0, 1: 0}


async def test_an_archive_that_can_not_be_reached_is_left_alone(tmp_path: Path) -> None:
    """A lock, a directory or a permission is no reason to begin anew."""
    (tmp_path / "a.db").mkdir()
    archive = open_archive(f"sqlite:///{tmp_path}/a.db", LOG)
    with pytest.raises(ArchiveError, match="unable to open"):
        await archive.open("log", PARTITIONS)
    await archive.close()

    assert os.listdir(tmp_path) == ["a.db"]  # noqa: PTH208
