"""The state database: what must not be lost. SQLite in a file of its own, or PostgreSQL by its URL.

The archive is a projection and is set aside when it is broken; this is never set aside, rebuilt or pruned with it.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from streams.archive.state.migrate import migrate
from streams.exceptions import LivelineError, SettingsError

_BUSY_SECONDS: Final = 30
_BUSY_PAUSE_SECONDS: Final = 0.02
_READS: Final = "liveline_reads"
_CONNECT_SECONDS: Final = 10
_PRIMARY_CODE: Final = 0xFF
_EXPECTED: Final = "sqlite:///FILE or postgresql://USER@HOST/NAME"


class StateError(LivelineError):
    """The state database can't be used; nothing replaces what it holds."""

    def __init__(self, message: str, *, corrupt: bool = False) -> None:
        super().__init__(message)
        self.corrupt = corrupt
        """A person must see to it; otherwise it may be reached again later."""


@dataclass(frozen=True, slots=True)
class State:
    """An open state database."""

    engine: Engine
    name: str
    """What it is called in messages: its URL without a password."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for looking: it waits for no writer."""
        with self._told(), self.engine.execution_options(**{_READS: True}).begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection for a transaction, which is kept when the block ends and undone when it raises."""
        with self._told(), self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            message = f"LIVELINE_STATE: {self.name}: {_reason(error)}"
            raise StateError(message, corrupt=_is_corrupt(error)) from error


def open_state(url: str) -> State:
    """Open a state database and bring it to its present form.

    Raises `StateError` for one that is corrupt or can't be reached, `SettingsError` for another kind of URL.
    """
    parsed = _parsed(url)
    state = State(_engine(parsed), parsed.render_as_string(hide_password=True))
    try:
        if parsed.get_backend_name() == "sqlite":
            _check_file(state)
        with state.write() as connection:
            migrate(connection)
    except BaseException:
        state.close()
        raise
    return state


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsError(f"LIVELINE_STATE: not a database URL; expected {_EXPECTED}") from error
    kind = parsed.get_backend_name()
    if kind not in ("sqlite", "postgresql") or (kind == "sqlite" and not parsed.database):
        raise SettingsError(f"LIVELINE_STATE: found {kind!r}; expected {_EXPECTED}")
    return parsed.set(drivername="postgresql+psycopg") if kind == "postgresql" else parsed


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_SECONDS})
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)  # it holds secrets
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # `_begin` begins: Python's driver would do so too late
    _use_write_ahead_log(connection)
    connection.execute("PRAGMA synchronous = FULL")  # a power cut takes nothing that was promised


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL; SQLite does not wait by itself while another process is switching it."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY_CODE != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_BUSY_PAUSE_SECONDS)
        else:
            return


def _begin(connection: Connection) -> None:
    # A transaction that begins by reading and then writes would fail when another has written in between.
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_READS) else "BEGIN IMMEDIATE")


def _check_file(state: State) -> None:
    with state.read() as connection:
        problems = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(1)")]
    if problems != ["ok"]:
        raise StateError(f"LIVELINE_STATE: {state.name}: {_CORRUPT} ({problems[0]})", corrupt=True)


_CORRUPT: Final = (
    "the database is corrupt; it is left as it is. Put back a copy, or move it away yourself to begin without its "
    "webhooks, deliveries, acknowledgements and mutes"
)


def _is_corrupt(error: SQLAlchemyError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None) if isinstance(error, DBAPIError) else None
    return code is not None and code & _PRIMARY_CODE in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _reason(error: SQLAlchemyError) -> str:
    # Not SQLAlchemy's own text: it quotes statements with their values, secrets among them.
    origin = error.orig if isinstance(error, DBAPIError) else None
    if _is_corrupt(error):
        return f"{_CORRUPT} ({origin})"
    said = str(origin).strip().splitlines() if origin else []
    return f"{type(origin or error).__name__}: {said[0] if said else 'failed'}"
