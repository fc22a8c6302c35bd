"""`liveline archive`: on a file as a gateway leaves it."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import orjson
import pytest
import structlog
from click.testing import Result
from gateway_harness import an_entry

from streams.archive import Archive, Revision, open_archive
from streams.archive.facets import Facets, milliseconds_of

Liveline = Callable[..., Result]


async def opened(path: Path) -> Archive:
    """Open an archive."""
    archive = open_archive(f"sqlite:///{path}", structlog.get_logger())
    await archive.open("log", (0,))
    return archive


async def filled(path: Path) -> None:
    """Make an archive with two entries of which one was revised."""
    archive = await opened(path)
    revisions = []
    for offset, entry in enumerate((an_entry(1), an_entry(2), an_entry(1, 2))):
        told = entry.to_dict()
        at = milliseconds_of(told)
        revisions.append(Revision(0, offset, at, entry.entry_id, entry.revision, entry.to_json(), Facets.of(told)))
    await archive.append(revisions, {0: 3})
    await archive.close()


@pytest.fixture
def path(tmp_path: Path, liveline: Liveline) -> Path:
    """Return the archive where the settings have it by default."""
    path = tmp_path / "liveline.db"
    asyncio.run(filled(path))
    return path


def run(path: Path, statement: str) -> None:
    """Change a file behind everybody's back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_check_says_what_a_sound_archive_holds(path: Path, liveline: Liveline) -> None:
    """One JSON line; exit 0."""
    result = liveline("archive", "check")

    told = orjson.loads(result.stdout)
    assert result.exit_code == 0
    assert told["sound"] is True
    assert (told["coverages"], told["entries"], told["revisions"]) == (1, 2, 3)
    assert (told["oldest"], told["newest"]) == ("2024-05-01T12:00:00.000Z", "2024-05-01T12:00:00.000Z")
    assert told["partitions"] == {"0": {"floor": 0, "next": 3}}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM revisions WHERE revision = 2", "1 entries without their newest revision"),
        ("DELETE FROM entries WHERE number = 2", "1 revisions without their entry"),
        ("UPDATE positions SET next = 1", "2 revisions that their partition's position does not cover"),
        ("DELETE FROM found_content WHERE id = 1", "the full-text index"),
        ("UPDATE liveline_archive_version SET version_num = '9999'", "its version is 9999, expected"),
    ],
)
def test_check_names_what_is_wrong(path: Path, liveline: Liveline, statement: str, said: str) -> None:
    """On stderr; exit 1."""
    run(path, statement)
    result = liveline("archive", "check")

    assert result.exit_code == 1
    assert said in result.stderr
    assert orjson.loads(result.stdout)["sound"] is False


def test_check_of_what_is_no_database(path: Path, liveline: Liveline) -> None:
    """No traceback."""
    path.write_bytes(b"what" * 5000)
    result = liveline("archive", "check")

    assert (result.exit_code, "no archive that can be read" in result.stderr) == (1, True)


@pytest.mark.parametrize("command", ["check", "prune", "rebuild"])
def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, liveline: Liveline, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not made."""
    monkeypatch.setenv("LIVELINE_ARCHIVE_KEPT", "90d")
    result = liveline("archive", command)

    assert result.exit_code == 1
    assert "liveline.db" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_prune_forgets_what_is_older(path: Path, liveline: Liveline) -> None:
    """A dry run only counts; a second time there is nothing left."""
    first, really, again = (
        liveline("archive", "prune", "--older-than", "1d", *more) for more in (["--dry-run"], [], [])
    )

    counts = [
        (orjson.loads(each.stdout)["entries"], orjson.loads(each.stdout)["revisions"])
        for each in (first, really, again)
    ]
    assert counts == [(2, 3), (2, 3), (0, 0)]
    held = orjson.loads(liveline("archive", "check").stdout)
    assert (held["sound"], held["entries"], held["partitions"]) == (True, 0, {"0": {"floor": 3, "next": 3}})


def test_prune_keeps_what_is_not_old(path: Path, liveline: Liveline, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the setting."""
    monkeypatch.setenv("LIVELINE_ARCHIVE_KEPT", "99999d")

    assert orjson.loads(liveline("archive", "prune").stdout)["entries"] == 0


@pytest.mark.parametrize("arguments", [[], ["--older-than", "long"]])
def test_prune_without_an_age_is_wrong_use(path: Path, liveline: Liveline, arguments: list[str]) -> None:
    """Nothing is forgotten by mistake."""
    assert liveline("archive", "prune", *arguments).exit_code == 2


def test_prune_leaves_the_archive_of_a_running_gateway_alone(path: Path, liveline: Liveline) -> None:
    """The gateway would not notice that its history begins later; it prunes by itself."""

    async def with_gateway() -> Result:
        archive = await opened(path)
        try:
            return await asyncio.to_thread(liveline, "archive", "prune", "--older-than", "1d")
        finally:
            await archive.close()

    result = asyncio.run(with_gateway())

    assert (result.exit_code, "is in use" in result.stderr) == (1, True)
    assert orjson.loads(liveline("archive", "check").stdout)["entries"] == 2


def test_rebuild_sets_the_file_aside(path: Path, liveline: Liveline) -> None:
    """A gateway that runs notices that it is gone, and begins anew."""

    async def with_gateway() -> tuple[Result, str | None]:
        archive = await opened(path)
        try:
            return await asyncio.to_thread(liveline, "archive", "rebuild"), archive.lost()
        finally:
            await archive.close()

    result, lost = asyncio.run(with_gateway())

    assert (result.exit_code, lost, path.exists()) == (0, "missing", False)
    assert Path(orjson.loads(result.stdout)["kept_as"]).is_file()
