"""What the projection of the alerts promises, the same in SQLite and in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, text

from schemas.alert import AlertChange
from streams.archive import ArchiveLostError
from streams.archive.alerts.address import alerts_url, file_of
from streams.archive.alerts.archive import AlertArchive
from streams.archive.alerts.check import check_alerts
from streams.archive.alerts.opening import NewerAlertsError, engine_of, remove
from streams.archive.alerts.revision import OVER, AlertQuery, AlertRevision
from streams.archive.alerts.tables import METADATA
from streams.archive.alerts.write import prune

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LOG = structlog.get_logger()


def revision(offset: int, alert: str = "a1", number: int = 1, **fields: object) -> AlertRevision:
    """Return a revision at an offset of partition 0, so many minutes after noon."""
    values: dict[str, object] = {
        "partition": 0, "offset": offset, "alert_id": alert, "revision": number, "coverage_id": "harbour-fire",
        "rule_id": "fire", "change": AlertChange.RAISED if number == 1 else AlertChange.UPDATED, "notify": number == 1,
        "at": NOON + offset * MINUTE, "value": f"{alert}:{number}".encode(),
    }  # fmt: skip
    return AlertRevision(**(values | fields))  # type: ignore[arg-type]


@pytest.fixture
def database(url: str) -> URL:
    """Give the URL of the projection beside an archive."""
    return alerts_url(url)


@pytest.fixture
async def alerts(database: URL) -> AsyncIterator[AlertArchive]:
    """Give an open projection of a log with two partitions."""
    archive = AlertArchive(database, LOG)
    await archive.open("log", (0, 1))
    yield archive
    await archive.close()


async def again(database: URL, identity: str = "log") -> AlertArchive:
    """Open the projection anew."""
    archive = AlertArchive(database, LOG)
    await archive.open(identity, (0, 1))
    return archive


async def values(archive: AlertArchive, **query: object) -> list[bytes]:
    """Return the newest revisions that a query finds."""
    return list((await archive.alerts(AlertQuery(**query), None, 50)).values)  # type: ignore[arg-type]


def test_the_tables_are_what_the_migrations_make(database: URL) -> None:
    """Tables and migrations say the same, so that an old database becomes what a new one is."""
    asyncio.run(_opened_once(database))
    engine = engine_of(database)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": "liveline_alerts_version"})
            assert compare_metadata(context, METADATA) == []
    finally:
        engine.dispose()


async def _opened_once(database: URL) -> None:
    await (await again(database)).close()


async def test_each_alert_is_listed_once_at_its_newest_revision(alerts: AlertArchive) -> None:
    """The newest first, by the revision's own time; all revisions of one are there as well."""
    await alerts.append([revision(0), revision(1, "a2"), revision(2, "a1", 2)], {0: 3})

    assert await values(alerts) == [b"a1:2", b"a2:1"]
    assert await alerts.revisions("a1") == ("harbour-fire", [b"a1:2", b"a1:1"])
    assert await alerts.revisions("a9") == (None, [])


async def test_a_batch_that_comes_again_changes_nothing(alerts: AlertArchive, database: URL) -> None:
    """What is covered by the position is passed over, also by another process on the same database."""
    await alerts.append([revision(0), revision(1, "a1", 2)], {0: 2})
    other = await again(database)

    await other.append([revision(0), revision(1, "a1", 2), revision(2, "a1", 3)], {0: 3})
    await alerts.append([revision(1, "a1", 2), revision(2, "a1", 3)], {0: 3})
    await other.close()

    assert (await alerts.revisions("a1"))[1] == [b"a1:3", b"a1:2", b"a1:1"]
    assert alerts.position == {0: 3, 1: 0}


async def test_rows_and_position_are_one_transaction(alerts: AlertArchive, database: URL) -> None:
    """A revision that can't be kept leaves neither the others nor the position behind."""
    broken = revision(1, value=None)
    with suppress(Exception):
        await alerts.append([revision(0), broken], {0: 2})
        pytest.fail("a revision without a value was kept")
    reopened = await again(database)

    assert (await values(reopened), reopened.position) == ([], {0: 0, 1: 0})
    await reopened.close()


async def test_a_list_is_read_in_pages(alerts: AlertArchive) -> None:
    """Page after page gives what the whole list does; alerts of one time stand in the log's order."""
    await alerts.append([revision(n, f"a{n}", at=NOON + (n // 2) * MINUTE) for n in range(5)], {0: 5})
    whole = await values(alerts)

    pages: list[bytes] = []
    place = None
    while True:
        page = await alerts.alerts(AlertQuery(), place, 2)
        pages += page.values
        place = page.next
        if place is None:
            break

    assert pages == whole == [b"a4:1", b"a3:1", b"a2:1", b"a1:1", b"a0:1"]


async def test_alerts_are_chosen_by_their_newest_revision(alerts: AlertArchive) -> None:
    """By coverage, rule, change and time; several values of one mean any of them."""
    await alerts.append(
        [
            revision(0, "a1"),
            revision(1, "a2", coverage_id="election", rule_id="votes"),
            revision(2, "a3"),
            revision(3, "a3", 2, change=AlertChange.WITHDRAWN),
        ],
        {0: 4},
    )

    assert await values(alerts, coverages=["election"]) == [b"a2:1"]
    assert await values(alerts, rules=["fire", "votes"]) == [b"a3:2", b"a2:1", b"a1:1"]
    assert await values(alerts, changes=OVER) == [b"a3:2"]
    assert await values(alerts, changes=[AlertChange.RAISED]) == [b"a2:1", b"a1:1"]
    assert await values(alerts, since=NOON + MINUTE) == [b"a3:2", b"a2:1"]


async def test_what_follows_a_position_is_read_partition_by_partition(alerts: AlertArchive) -> None:
    """Each partition in its order, with the position after each; a page that ends early goes on where it ended."""
    await alerts.append([revision(0), revision(2, "a1", 2), revision(0, "b1", partition=1)], {0: 4, 1: 1})

    first = await alerts.after({0: 0, 1: 0}, {0: 4, 1: 1}, 2)
    rest = await alerts.after(first.position, {0: 4, 1: 1}, 2)

    assert [(each.value, each.position) for each in first.values] == [
        (b"a1:1", {0: 1, 1: 0}), (b"a1:2", {0: 3, 1: 0}),
    ]  # fmt: skip
    assert [each.value for each in rest.values] == [b"b1:1"]
    assert rest.position == {0: 4, 1: 1}


async def test_a_rule_is_known_by_when_it_last_told(alerts: AlertArchive) -> None:
    """What was held back is no firing; another coverage's firings are not counted where they may not be read."""
    await alerts.append(
        [revision(0), revision(1, "a1", 2), revision(2, "a2"), revision(3, "b1", coverage_id="election")], {0: 4}
    )

    (firing,) = await alerts.firings(["harbour-fire"])
    (all_of_it,) = await alerts.firings([])

    assert (firing.rule_id, firing.told_at, firing.alerts) == ("fire", NOON + 2 * MINUTE, 2)
    assert (all_of_it.told_at, all_of_it.alerts) == (NOON + 3 * MINUTE, 3)


async def test_a_story_is_known_by_its_alerts(alerts: AlertArchive) -> None:
    """Whoever may not read their coverage knows nothing of it."""
    await alerts.append([revision(0, story_id="s1"), revision(1, "b1", coverage_id="election")], {0: 2})

    assert await alerts.coverages_of("s1") == {"harbour-fire"}
    assert await alerts.coverages_of("s2") == set()


async def test_another_log_begins_anew(alerts: AlertArchive, database: URL) -> None:
    """Offsets of one log are worth nothing in another; a SQLite file is kept under another name."""
    await alerts.append([revision(0)], {0: 1})
    await alerts.close()

    other = await again(database, "another log")

    assert (await values(other), other.position) == ([], {0: 0, 1: 0})
    await other.close()
    path = file_of(database)
    assert path is None or path.with_name(f"{path.name}.1").is_file()


async def test_what_is_old_is_forgotten_and_the_floor_rises(alerts: AlertArchive, database: URL) -> None:
    """An alert that was revised since keeps its history; a cursor from before is known to have missed something."""
    await alerts.append([revision(0), revision(1, "a2"), revision(9, "a1", 2)], {0: 10})
    engine = engine_of(database)
    assert prune(engine, NOON + 5 * MINUTE, dry_run=True) == (1, 1)
    engine.dispose()
    assert await values(alerts) == [b"a1:2", b"a2:1"]

    assert await alerts.prune(NOON + 5 * MINUTE) == 1
    assert await values(alerts) == [b"a1:2"]
    assert (await alerts.revisions("a1"))[1] == [b"a1:2", b"a1:1"]
    assert alerts.floor == {0: 2, 1: 0}


async def test_a_gap_moves_position_and_floor(alerts: AlertArchive, database: URL) -> None:
    """Where retention has overtaken the reader, the unbroken history begins anew."""
    await alerts.append([revision(0)], {0: 1})
    await alerts.restart({0: 7})
    reopened = await again(database)

    assert (reopened.position, reopened.floor) == ({0: 7, 1: 0}, {0: 7, 1: 0})
    await reopened.close()


async def test_a_check_says_what_is_held_and_what_is_wrong(alerts: AlertArchive, database: URL) -> None:
    """A row that another lost is found; a database without alerts has nothing to be checked."""
    await alerts.append([revision(0), revision(1, "a2")], {0: 2})
    sound = check_alerts(database)
    engine = engine_of(database)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alert_revisions WHERE alert_id = 'a2'"))
    engine.dispose()
    broken = check_alerts(database)

    assert sound is not None
    assert broken is not None
    assert (sound.problems, sound.holds["alerts"], sound.holds["revisions"]) == ((), 2, 2)
    assert broken.problems == ("1 alerts without their newest revision",)


async def test_removed_it_begins_empty(alerts: AlertArchive, database: URL) -> None:
    """As `archive rebuild` does it."""
    await alerts.append([revision(0)], {0: 1})
    await alerts.close()

    remove(database, "rebuild", LOG)
    reopened = await again(database)

    assert (await values(reopened), reopened.position) == ([], {0: 0, 1: 0})
    await reopened.close()


async def test_a_newer_form_is_refused(alerts: AlertArchive, database: URL) -> None:
    """A gateway of before leaves what a later one made as it is, and says what to do."""
    await alerts.close()
    engine = engine_of(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE liveline_alerts_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(NewerAlertsError, match="'9999', which a newer Liveline made"):
        await again(database)


async def test_a_corrupt_file_is_set_aside(tmp_path: Path) -> None:
    """At the start, and while it runs: then it is lost, and the next one is empty."""
    database = alerts_url(f"sqlite:///{tmp_path}/liveline.db")
    path = tmp_path / "liveline.alerts.db"
    path.write_bytes(b"this is no database, whatever it is " * 100)
    archive = await again(database)
    assert (tmp_path / "liveline.alerts.db.1").is_file()
    await archive.append([revision(0)], {0: 1})

    path.unlink()
    assert archive.lost() == "missing"
    await archive.close()
    await archive.set_aside("missing")
    with pytest.raises(ArchiveLostError):
        await archive.revisions("a1")

    reopened = await again(database)
    assert await values(reopened) == []
    await reopened.close()


def test_its_file_stands_beside_the_archive() -> None:
    """A name of its own for SQLite, the archive's own database for PostgreSQL."""
    assert alerts_url("sqlite:///var/liveline.db").database == "var/liveline.alerts.db"
    assert alerts_url("sqlite:////var/archive").database == "/var/archive.alerts"
    assert alerts_url("postgresql://desk@db/news").database == "news"
