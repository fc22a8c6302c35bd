"""`liveline archive` on the alerts that a gateway keeps beside its entries."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import structlog
from click.testing import Result

from schemas.alert import AlertChange
from streams.archive import open_archive
from streams.archive.alerts.address import alerts_url
from streams.archive.alerts.archive import AlertArchive
from streams.archive.alerts.revision import AlertRevision

Liveline = Callable[..., Result]
LONG_AGO = datetime(2024, 5, 1, tzinfo=UTC)


async def filled(folder: Path) -> None:
    """Leave both files as a gateway does, with an alert."""
    log = structlog.get_logger()
    archive = open_archive(f"sqlite:///{folder}/liveline.db", log)
    await archive.open("log", (0,))
    await archive.close()
    alerts = AlertArchive(alerts_url(f"sqlite:///{folder}/liveline.db"), log)
    await alerts.open("log", (0,))
    await alerts.append(
        [AlertRevision(0, 0, "a1", 1, "harbour-fire", "fire", AlertChange.RAISED, True, LONG_AGO, b"{}")],  # noqa: FBT003
        {0: 1},
    )
    await alerts.close()


@pytest.fixture
def folder(tmp_path: Path, liveline: Liveline) -> Path:
    """Return the working folder, in which the settings have both files by default."""
    asyncio.run(filled(tmp_path))
    return tmp_path


def test_check_says_what_is_held_of_alerts(folder: Path, liveline: Liveline) -> None:
    """Beside what the archive holds; a broken file is named, with exit 1."""
    sound = liveline("archive", "check")
    (folder / "liveline.alerts.db").write_bytes(b"no database" * 1000)
    broken = liveline("archive", "check")

    told = orjson.loads(sound.stdout)["alerts"]
    assert (sound.exit_code, told["sound"], told["alerts"], told["revisions"]) == (0, True, 1, 1)
    assert (broken.exit_code, orjson.loads(broken.stdout)["alerts"]["sound"]) == (1, False)
    assert "liveline.alerts.db: the alerts' projection can't be read" in broken.stderr


def test_prune_forgets_old_alerts(folder: Path, liveline: Liveline) -> None:
    """Counted first, then forgotten."""
    dry = liveline("archive", "prune", "--older-than", "30d", "--dry-run")
    done = liveline("archive", "prune", "--older-than", "30d")
    after = liveline("archive", "check")

    assert [orjson.loads(each.stdout)["alerts"] for each in (dry, done)] == [1, 1]
    assert orjson.loads(after.stdout)["alerts"]["alerts"] == 0


def test_rebuild_sets_both_files_aside(folder: Path, liveline: Liveline) -> None:
    """A gateway reads both topics anew."""
    result = liveline("archive", "rebuild")

    assert result.exit_code == 0
    assert orjson.loads(result.stdout)["alerts_kept_as"].endswith("liveline.alerts.db.1")
    assert (folder / "liveline.alerts.db.1").is_file()
    assert not (folder / "liveline.alerts.db").exists()
