"""`liveline archive` on PostgreSQL, while gateways run."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import SQLAlchemyError

from streams.archive.archive import ArchiveError
from streams.archive.database import name_of, reason_of
from streams.archive.maintenance import Checked
from streams.archive.postgres.engine import control_engine
from streams.archive.postgres.epochs import Epoch, newest
from streams.archive.postgres.store import PostgresStore
from streams.archive.sql.check import holdings, problems
from streams.archive.sql.prune import Pruned, count_old, prune


class PostgresMaintenance:
    """See `Maintenance`; of several archives, the one that a gateway took up last."""

    def __init__(self, url: URL, log: structlog.stdlib.BoundLogger) -> None:
        self._url = url
        self._log = log

    @property
    def name(self) -> str:
        """The URL without a password."""
        return name_of(self._url)

    def check(self) -> Checked:
        """Look whether what belongs together is there together."""
        with self._archive() as (connection, epoch):
            size = text(
                "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class "
                "WHERE relkind = 'r' AND relnamespace = to_regnamespace(:schema)"
            )
            held = connection.execute(size, {"schema": epoch.schema}).scalar()
            holds = {"schema": epoch.schema, "bytes": held, **holdings(connection)}
            return Checked(tuple(problems(connection, "number")), holds)

    def prune(self, before: datetime, *, dry_run: bool) -> Pruned:
        """Forget what is old; the server gives the room to what comes next (autovacuum)."""
        store = PostgresStore(self._url, self._log)
        at = int(before.timestamp() * 1000)
        entries = revisions = 0
        while True:
            # Some at a time: gateways write in between.
            with self._archive() as (connection, _):
                done = count_old(connection, at) if dry_run else prune(connection, store, at)
            entries, revisions = entries + done.entries, revisions + done.revisions
            if dry_run or not done.entries:
                return Pruned(entries, revisions, done.floor)

    def rebuild(self) -> str:
        """Let no gateway take the archive up any more."""
        with self._archive() as (connection, epoch):
            epoch.set_aside(connection, "rebuild")
        self._log.warning("archive.set_aside", reason="rebuild", archive=self.name, kept_as=epoch.schema)
        return epoch.schema

    @contextmanager
    def _archive(self) -> Iterator[tuple[Connection, Epoch]]:
        """Give a transaction that sees the archive's tables."""
        try:
            with control_engine(self._url).begin() as connection:
                epoch = newest(connection)
                if epoch is None:
                    raise ArchiveError(
                        f"LIVELINE_ARCHIVE: no archive in {self.name}; a gateway makes it when it first runs"
                    )
                connection.execute(text(f"SET LOCAL search_path TO {epoch.schema}"))
                yield connection, epoch
        except SQLAlchemyError as error:
            raise ArchiveError(f"LIVELINE_ARCHIVE: {self.name}: {reason_of(error)}") from error
