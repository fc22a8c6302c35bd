"""`liveline archive` on PostgreSQL, while a gateway has the archive."""

import asyncio
from pathlib import Path

import orjson
import psycopg
import pytest
from archive_behaviour import opened, revision
from click.testing import CliRunner, Result

from streams.archive import Archive
from streams.cli import main

from real_postgres import RealPostgres


@pytest.fixture
def url(postgres: RealPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the URL of an empty database, which the command's settings name, in an empty directory."""
    url = postgres.new_database()
    monkeypatch.setenv("LIVELINE_ARCHIVE", url)
    monkeypatch.chdir(tmp_path)
    return url


async def liveline(*arguments: str) -> Result:
    """Run the command in a thread."""
    return await asyncio.to_thread(lambda: CliRunner().invoke(main, arguments))


async def fill(archive: Archive) -> None:
    """Append two entries of 1970 of which one was revised."""
    await archive.append([revision(1, offset=0), revision(2, offset=1), revision(1, 2, offset=2)], {0: 3})


async def test_check_says_what_a_sound_archive_holds(url: str) -> None:
    """One JSON line; exit 0."""
    async with opened(url) as archive:
        await fill(archive)
        result = await liveline("archive", "check")

    told = orjson.loads(result.stdout)
    assert result.exit_code == 0
    assert (told["sound"], told["schema"]) == (True, "liveline_archive_1")
    assert (told["coverages"], told["entries"], told["revisions"]) == (1, 2, 3)
    assert told["partitions"] == {"0": {"floor": 0, "next": 3}, "1": {"floor": 0, "next": 0}}
    assert told["bytes"] > 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM revisions WHERE revision = 2", "1 entries without their newest revision"),
        ("DELETE FROM entries WHERE number = 2", "1 searchable texts without their entry"),
        ("UPDATE positions SET next = 1", "2 revisions that their partition's position does not cover"),
    ],
)
async def test_check_names_what_is_wrong(url: str, statement: str, said: str) -> None:
    """On stderr; exit 1."""
    async with opened(url) as archive:
        await fill(archive)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path TO liveline_archive_1")
        connection.execute(statement)  # type: ignore[call-overload]
    result = await liveline("archive", "check")

    assert (result.exit_code, said in result.stderr) == (1, True)


@pytest.mark.parametrize("command", [["check"], ["prune", "--older-than", "1d"], ["rebuild"]])
async def test_a_database_without_an_archive_is_named(url: str, command: list[str]) -> None:
    """And none is made."""
    result = await liveline("archive", *command)

    assert (result.exit_code, "no archive in postgresql://" in result.stderr) == (1, True)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('liveline_archives')").fetchone() == (None,)


async def test_prune_forgets_what_is_older_while_gateways_run(url: str) -> None:
    """A dry run only counts; the gateway's readers from before are told."""
    async with opened(url) as archive:
        await fill(archive)
        said = [
            orjson.loads((await liveline("archive", "prune", "--older-than", "1d", *more)).stdout)
            for more in (["--dry-run"], [], [])
        ]
        async with asyncio.timeout(30):
            while archive.floor[0] != 3:
                await asyncio.sleep(0.05)

    assert [(each["entries"], each["revisions"]) for each in said] == [(2, 3), (2, 3), (0, 0)]


async def test_rebuild_has_gateways_begin_anew(url: str) -> None:
    """The one that runs notices; the old schema stays under the name that is told."""
    async with opened(url) as archive:
        await fill(archive)
        result = await liveline("archive", "rebuild")
        async with asyncio.timeout(30):
            while archive.lost() != "replaced":
                await asyncio.sleep(0.05)
    async with opened(url) as anew:
        assert anew.position == {0: 0, 1: 0}

    kept_as = orjson.loads(result.stdout)["kept_as"]
    with psycopg.connect(url) as connection:
        found = connection.execute(f"SELECT count(*) FROM {kept_as}.revisions")  # type: ignore[call-overload]  # noqa: S608
        assert found.fetchone() == (3,)
