"""The gateway's own pruning, on a hub that has caught up."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from gateway_harness import NOON, an_entry
from structlog.testing import capture_logs

from streams.archive import Archive, ArchiveLostError, Revision, open_archive
from streams.archive.facets import Facets, milliseconds_of
from streams.gateway.config import GatewayConfig
from streams.gateway.pruning import Pruning


def config(tmp_path: Path, kept: timedelta | None) -> GatewayConfig:
    """Return a configuration whose clock stands an hour after noon."""

    async def identity() -> str:
        return "log"

    return GatewayConfig(
        kafka={},
        log_identity=identity,
        archive=f"sqlite:///{tmp_path}/a.db",
        archive_kept=kept,
        clock=lambda: NOON + timedelta(hours=1),
    )


async def archive_with_an_entry(tmp_path: Path) -> Archive:
    """Return an archive with an entry of noon."""
    archive = open_archive(f"sqlite:///{tmp_path}/a.db", structlog.get_logger())
    await archive.open("log", (0,))
    entry = an_entry(1)
    told = entry.to_dict()
    revision = Revision(0, 0, milliseconds_of(told), entry.entry_id, 1, entry.to_json(), Facets.of(told))
    await archive.append([revision], {0: 1})
    return archive


def a_hub(archive: Any) -> Any:
    """Return what pruning needs of a hub."""
    hub = SimpleNamespace(archive=archive, caught_up=asyncio.Event())
    hub.caught_up.set()
    return hub


def no_alerts() -> Any:
    """Return a feed of alerts that has not caught up."""
    return SimpleNamespace(caught_up=asyncio.Event())


async def test_alerts_that_are_older_are_forgotten_too(tmp_path: Path) -> None:
    """By the same clock and age."""
    asked = asyncio.Event()

    class Alerts:
        async def prune(self, before: datetime) -> int:
            assert before == NOON + timedelta(minutes=1)
            asked.set()
            return 1

    feed: Any = SimpleNamespace(caught_up=asyncio.Event(), archive=Alerts())
    feed.caught_up.set()
    archive = await archive_with_an_entry(tmp_path)
    pruning = Pruning(a_hub(archive), feed, config(tmp_path, timedelta(minutes=59)))
    await pruning.start()
    async with asyncio.timeout(10):
        await asked.wait()
    await pruning.stop()
    await archive.close()


@pytest.mark.parametrize(
    ("kept", "left"),
    [(timedelta(minutes=59), 0), (timedelta(minutes=61), 1), (None, 1)],
    ids=["older", "younger", "off"],
)
async def test_what_is_older_is_forgotten(tmp_path: Path, kept: timedelta | None, left: int) -> None:
    """By the clock; without an age, nothing."""
    archive = await archive_with_an_entry(tmp_path)
    pruning = Pruning(a_hub(archive), no_alerts(), config(tmp_path, kept))
    await pruning.start()
    async with asyncio.timeout(10):
        while left == 0 and await archive.coverages():
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    await pruning.stop()

    assert sum(each.entries for each in await archive.coverages()) == left
    await archive.close()


async def test_a_lost_archive_does_not_end_it(tmp_path: Path) -> None:
    """The hub builds a new one; the next time it is pruned as well."""

    class Lost:
        tries = 0

        async def prune(self, _: int) -> int:
            self.tries += 1
            raise ArchiveLostError("gone")

    lost = Lost()
    pruning = Pruning(a_hub(lost), no_alerts(), config(tmp_path, timedelta(milliseconds=10)))
    with capture_logs() as logs:
        await pruning.start()
        async with asyncio.timeout(10):
            while lost.tries < 3:
                await asyncio.sleep(0.01)
        await pruning.stop()

    assert {line["event"] for line in logs} == {"archive.not_pruned"}
