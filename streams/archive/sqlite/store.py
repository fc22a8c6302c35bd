"""SQLite as a store: one file on a local disk, of one gateway process; write-ahead log, FTS5.

`synchronous=NORMAL`: a power cut may take the last transactions, rows and offsets together, and they are read from
Kafka again; it never takes one without the other.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, UnaryExpression, insert, inspect, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.sql.operators import custom_op

from streams.archive.database import READS, is_corrupt, sqlite_engine
from streams.archive.search import SearchQuery
from streams.archive.sql.store import Texts
from streams.archive.sql.tables import FORMS, LOG, VERSION
from streams.archive.sqlite.file import file_id, set_aside
from streams.archive.sqlite.search import index, ranked

BEFORE_ALEMBIC: Final = 3
"""What `log.version` says in a file that has the first form and no table that says so."""
_FIRST_FORM: Final = "0001"


class SqliteStore:
    """See `Store`."""

    readers: Final = 1
    is_shared: Final = False
    reads: Mapping[str, Any] = {READS: True}

    def __init__(self, path: Path, log: structlog.stdlib.BoundLogger) -> None:
        """Nothing is opened before `take_up`."""
        self._path = path
        self._log = log
        self._file: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """The file."""
        return str(self._path)

    def take_up(self, identity: str) -> Engine:
        """Return an engine on the file of this log; one that is another's, or broken, is set aside first.

        Nothing is lost by that: the archive is built anew from Kafka.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        engine = sqlite_engine(self._path, "NORMAL")
        try:
            if reason := _unusable(engine, identity):
                engine.dispose()
                set_aside(self._path, reason, self._log)
                engine = sqlite_engine(self._path, "NORMAL")
            with engine.begin() as connection:
                _bring_up_to_date(connection, identity)
        except BaseException:
            engine.dispose()
            raise
        self._file = file_id(self._path)
        return engine

    def lost(self) -> str | None:
        """Return `missing` if the file was taken away."""
        return "missing" if self._file is not None and file_id(self._path) != self._file else None

    def lost_by(self, error: SQLAlchemyError) -> str | None:
        """Return `corrupt` for an error that says so."""
        return "corrupt" if is_corrupt(error) else None

    def look(self, connection: Connection) -> None:
        """Do nothing: `lost` knows by itself."""

    def set_aside(self, reason: str) -> None:
        """Put away what is left of the file."""
        set_aside(self._path, reason, self._log)

    def index(self, connection: Connection, outdated: Sequence[int], texts: Sequence[Texts]) -> None:
        """Put folded words into FTS5's index."""
        index(connection, outdated, texts)

    def ranked(self, query: SearchQuery, where: Sequence[ColumnElement[bool]], limit: int, offset: int) -> Select[Any]:
        """Return a query that ranks by BM25."""
        return ranked(query, where, limit, offset)

    def in_order(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the column with a plus before it, which keeps SQLite from using its index."""
        return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


def _unusable(engine: Engine, identity: str) -> str | None:
    """Return why a file can't go on as this log's archive, or None; a new one can."""
    try:
        with engine.connect().execution_options(**{READS: True}) as connection, connection.begin():
            found = _log_of(connection)
            form = FORMS.current(connection)
    except DatabaseError as error:
        if is_corrupt(error):
            return "corrupt"
        raise
    if found is None:
        return None
    if found.identity != identity:
        return "another_log"
    known = form in FORMS.known() if form is not None else found.version == BEFORE_ALEMBIC
    return None if known else "another_version"


def _bring_up_to_date(connection: Connection, identity: str) -> None:
    found = _log_of(connection)
    if found is not None and FORMS.current(connection) is None:
        FORMS.stamp(connection, _FIRST_FORM)
    FORMS.upgrade(connection)
    if found is None:
        connection.execute(insert(LOG).values(identity=identity, version=VERSION))


def _log_of(connection: Connection) -> Row[Any] | None:
    """Return whose projection a file is, and its version; None for a new one."""
    if not inspect(connection).has_table("log"):
        return None
    return connection.execute(text("SELECT identity, version FROM log")).first()
