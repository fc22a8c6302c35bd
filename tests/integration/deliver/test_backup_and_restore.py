"""The state database is backed up while a deliverer works, and put back."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from deliver_harness import Desk, a_desk
from gateway_harness import an_entry
from webhook_endpoints import Endpoint, serving, slow, until

from schemas.webhook import DeliveryStatus, WebhookStatus
from streams.archive.state import open_state

from real_kafka import RealKafka
from real_postgres import RealPostgres

pytestmark = pytest.mark.kafka
REVISIONS = [an_entry(number, revision) for revision in (1, 2, 3) for number in range(40)]
IDS = {f"{entry.entry_id}:{entry.revision}" for entry in REVISIONS}


async def restored_tells_only_what_was_in_doubt(desk: Desk, database: "_Database") -> None:
    """Back up when a part is delivered, deliver the rest, put the copy back, and deliver again."""
    endpoint = Endpoint(slow)
    async with serving(endpoint=endpoint):
        webhook = desk.webhook(endpoint.url)
        endpoint.secret = webhook.secret or ""
        async with desk.delivering():
            await desk.worker.publish(REVISIONS)
            await until(lambda: len(endpoint.taken) >= 20, "a part of it")
            await asyncio.to_thread(database.back_up)
            await until(lambda: set(endpoint.ids) == IDS, "all of it")
        desk.state.close()
        await asyncio.to_thread(database.put_back)

        desk.state = open_state(database.url)
        desk.settings = desk.settings.model_copy(update={"state": database.url})
        done = {
            f"{each.entry_id}:{each.revision}"
            for each in desk.deliveries(webhook)
            if each.status is DeliveryStatus.SUCCEEDED
        }
        assert 0 < len(done) < len(IDS)
        before = len(endpoint.taken)
        async with desk.delivering():
            last = an_entry(99)
            await desk.worker.publish([last])
            doubtful = (IDS - done) | {f"{last.entry_id}:1"}
            await until(lambda: set(endpoint.ids[before:]) >= doubtful, "what was in doubt, and what is new")

    again = endpoint.ids[before:]
    assert sorted(again) == sorted(doubtful)
    assert (endpoint.out_of_order(), endpoint.unverified) == ([], [])
    kept = desk.now(webhook)
    assert (kept.url, kept.secret, kept.status) == (webhook.url, webhook.secret, WebhookStatus.ACTIVE)
    desk.state.close()


async def test_a_copy_of_sqlite_loses_and_repeats_nothing_that_it_knows(kafka: RealKafka, tmp_path: Path) -> None:
    """What the copy knows as delivered is not posted again; what it doesn't is, under the same ids, in order."""
    database = _Sqlite(tmp_path / "state.db")
    async with a_desk(kafka.bootstrap, tmp_path, lambda: database.url) as desk:
        await restored_tells_only_what_was_in_doubt(desk, database)


async def test_a_dump_of_postgresql_does_so_too(kafka: RealKafka, postgres: RealPostgres, tmp_path: Path) -> None:
    """`pg_dump` while it is written, `psql` into a new database, whose URL the deliverer gets."""
    database = _Postgresql(postgres)
    async with a_desk(kafka.bootstrap, tmp_path, lambda: database.url) as desk:
        await restored_tells_only_what_was_in_doubt(desk, database)


class _Sqlite:
    """A file, copied by SQLite's own means, as `sqlite3 FILE '.backup COPY'` does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._copy = path.with_name("copy.db")
        self.url = f"sqlite:///{path}"

    def back_up(self) -> None:
        with closing(sqlite3.connect(self._path)) as source, closing(sqlite3.connect(self._copy)) as target:
            source.backup(target)

    def put_back(self) -> None:
        # The journal belongs to the file that it stood beside: with it, the copy would be another database.
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._copy.rename(self._path)


class _Postgresql:
    """A database, copied by PostgreSQL's own programs."""

    def __init__(self, server: RealPostgres) -> None:
        self._server = server
        self.url = server.new_database()

    def back_up(self) -> None:
        self._server.run("pg_dump", "--dbname", self.url, "--file", "copy.sql")

    def put_back(self) -> None:
        self.url = self._server.new_database()
        self._server.run("psql", "--quiet", "--dbname", self.url, "--file", "copy.sql")


_Database = _Sqlite | _Postgresql
