"""`liveline archive` on a file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from streams.archive.archive import ArchiveError
from streams.archive.database import begin_explicitly
from streams.archive.maintenance import Checked
from streams.archive.sql.check import holdings, problems
from streams.archive.sql.prune import Pruned, count_old, prune
from streams.archive.sql.tables import FORMS
from streams.archive.sqlite.file import open_alone, open_existing, set_aside
from streams.archive.sqlite.store import BEFORE_ALEMBIC, SqliteStore

_MOST_PROBLEMS: Final = 20


class SqliteMaintenance:
    """See `Maintenance`; no gateway may run on a file that is pruned."""

    def __init__(self, path: Path, log: structlog.stdlib.BoundLogger) -> None:
        self._path = path
        self._log = log

    @property
    def name(self) -> str:
        """The file."""
        return str(self._path)

    def check(self) -> Checked:
        """Look through the whole file; one that is no database is a problem like any other."""
        self._need_file()
        size = {"bytes": self._path.stat().st_size}
        try:
            with _transactions(open_existing(self._path)) as connection:
                found = connection.execute(text("SELECT version FROM log")).scalar()
                form = FORMS.current(connection)
                if form not in FORMS.known() and (form is not None or found != BEFORE_ALEMBIC):
                    said = f"its version is {form or found}, expected {FORMS.known()[-1]}: a gateway builds it anew"
                    return Checked((said,), size)
                wrong = (*_integrity(connection), *problems(connection, "rowid"), *_full_text(connection))
                return Checked(wrong, {**size, **holdings(connection)})
        except (DatabaseError, sqlite3.DatabaseError) as error:
            said = str(error.orig if isinstance(error, DatabaseError) else error)
            return Checked((f"it is no archive that can be read: {said}",), size)

    def prune(self, before: datetime, *, dry_run: bool) -> Pruned:
        """Forget what is old, and give its room back to the disk."""
        self._need_file()
        at = int(before.timestamp() * 1000)
        try:
            alone = open_alone(self._path)
            with _transactions(alone) as connection:
                done = count_old(connection, at) if dry_run else self._prune(connection, at)
                connection.commit()
                if not dry_run:
                    alone.execute("VACUUM")
                alone.execute("PRAGMA journal_mode = WAL")
        except (DatabaseError, sqlite3.DatabaseError) as error:
            said = error.orig if isinstance(error, DatabaseError) else error
            raise ArchiveError(f"{self.name}: {said}; see `liveline archive check`") from error
        return done

    def rebuild(self) -> str:
        """Give the file another name."""
        self._need_file()
        return str(set_aside(self._path, "rebuild", self._log))

    def _prune(self, connection: Connection, before: int) -> Pruned:
        store = SqliteStore(self._path, self._log)
        entries = revisions = 0
        while True:
            done = prune(connection, store, before)
            connection.commit()
            entries, revisions = entries + done.entries, revisions + done.revisions
            if not done.entries:
                return Pruned(entries, revisions, done.floor)

    def _need_file(self) -> None:
        if not self._path.is_file():
            raise ArchiveError(f"LIVELINE_ARCHIVE: no file {self._path}; a gateway makes it when it first runs")


@contextmanager
def _transactions(raw: sqlite3.Connection) -> Iterator[Connection]:
    """Give an open connection to what is written for SQLAlchemy, and close it at the end."""
    raw.isolation_level = None
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    event.listen(engine, "begin", begin_explicitly)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
        raw.close()


def _integrity(connection: Connection) -> list[str]:
    said = connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_PROBLEMS})").scalars()
    return [each for each in said if each != "ok"]


def _full_text(connection: Connection) -> list[str]:
    try:
        connection.exec_driver_sql("INSERT INTO found (found) VALUES ('integrity-check')")
    except DatabaseError as error:
        return [f"the full-text index: {error.orig}"]
    return []
