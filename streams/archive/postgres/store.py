"""PostgreSQL as a store: several gateways on one archive, each with what it has read of the log.

Whoever comes first with a batch writes it, under a lock on the archive's one row of `log`; the others find it there. So
nobody is chosen as the writer, nothing is to be taken over when one dies, and the archive is never behind a hub.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from sqlalchemy import URL, ColumnElement, Connection, Engine, Select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from streams.archive.database import is_corrupt, name_of
from streams.archive.postgres.engine import archive_engine, control_engine
from streams.archive.postgres.epochs import Epoch, take_up
from streams.archive.postgres.search import index, ranked
from streams.archive.search import SearchQuery
from streams.archive.sql.store import Texts

_READERS: Final = 4
_CONNECTIONS: Final = _READERS + 2
"""One more writes, another searches."""
_MISSING: Final = ("42P01", "3F000")
"""undefined_table, invalid_schema_name."""
_NOTHING_TO_PUT_AWAY: Final = ("replaced", "behind")


class PostgresStore:
    """See `Store`."""

    readers: Final = _READERS
    is_shared: Final = True
    reads: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def __init__(self, url: URL, log: structlog.stdlib.BoundLogger) -> None:
        """Nothing connects before `take_up`."""
        self._url = url
        self._log = log
        self._epoch: Epoch | None = None
        self._is_current = True

    @property
    def name(self) -> str:
        """The URL without a password."""
        return name_of(self._url)

    def take_up(self, identity: str) -> Engine:
        """Return an engine on the archive of this log; archives of other logs are left where they are."""
        control = control_engine(self._url)
        with control.begin() as connection:
            epoch, is_new = take_up(connection, identity)
        if is_new:
            self._log.info("archive.begun", archive=self.name, schema=epoch.schema)
        self._epoch = epoch
        return archive_engine(self._url, epoch.schema, _CONNECTIONS)

    def lost(self) -> str | None:
        """Return `replaced` if another process has set it aside."""
        return None if self._is_current else "replaced"

    def lost_by(self, error: SQLAlchemyError) -> str | None:
        """Return `corrupt` or `missing` for an error that says so."""
        if is_corrupt(error):
            return "corrupt"
        state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
        return "missing" if state in _MISSING else None

    def look(self, connection: Connection) -> None:
        """See whether it was set aside."""
        if self._epoch is not None:
            self._is_current = self._epoch.is_current(connection)

    def set_aside(self, reason: str) -> None:
        """Let nobody take it up any more; its schema stays."""
        if self._epoch is None or reason in _NOTHING_TO_PUT_AWAY:
            return
        with control_engine(self._url).begin() as connection:
            if self._epoch.set_aside(connection, reason):
                self._log.warning("archive.set_aside", reason=reason, archive=self.name, kept_as=self._epoch.schema)

    def index(self, connection: Connection, outdated: Sequence[int], texts: Sequence[Texts]) -> None:
        """Keep folded words as a `tsvector`."""
        index(connection, outdated, texts)

    def ranked(self, query: SearchQuery, where: Sequence[ColumnElement[bool]], limit: int, offset: int) -> Select[Any]:
        """Return a query that ranks by `ts_rank`."""
        return ranked(query, where, limit, offset)

    def in_order(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the column itself: PostgreSQL chooses by its statistics."""
        return column
