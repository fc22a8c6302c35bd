"""What the archive and the state have in common as databases: their URLs, SQLite's engine, what an error says."""

import sqlite3
import time
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from streams.exceptions import SettingsError

READS: Final = "liveline_reads"
"""Execution option of a connection that only looks: in SQLite it waits for no writer."""
CONNECT_SECONDS: Final = 10
_BUSY_SECONDS: Final = 30
_BUSY_PAUSE_SECONDS: Final = 0.02
_PRIMARY_CODE: Final = 0xFF
_EXPECTED: Final = "sqlite:///FILE or postgresql://USER@HOST/NAME"
_CORRUPT_STATES: Final = ("XX001", "XX002")
"""PostgreSQL's data_corrupted and index_corrupted."""


def read_url(variable: str, url: str) -> URL:
    """Return a database's URL with the driver that Liveline uses; raises `SettingsError`, which quotes no password."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsError(f"{variable}: not a database URL; expected {_EXPECTED}") from error
    kind = parsed.get_backend_name()
    if kind not in ("sqlite", "postgresql") or (kind == "sqlite" and not parsed.database):
        raise SettingsError(f"{variable}: found {kind!r}; expected {_EXPECTED}")
    return parsed.set(drivername="postgresql+psycopg") if kind == "postgresql" else parsed


def name_of(url: URL) -> str:
    """Return what a database is called in messages: its URL without a password."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def sqlite_engine(path: Path, synchronous: Literal["NORMAL", "FULL"]) -> Engine:
    """Return an engine on a file in WAL mode.

    FULL: a power cut takes nothing that was committed. NORMAL: it may take the last transactions, each as a whole.
    """
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": _BUSY_SECONDS})

    def set_up(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # `begin_explicitly` begins: Python's driver would do so too late
        _use_write_ahead_log(connection)
        connection.execute(f"PRAGMA synchronous = {synchronous}")

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin_explicitly)
    return engine


def begin_explicitly(connection: Connection) -> None:
    """Begin a transaction of SQLite: one that reads first and then writes would fail when another wrote in between."""
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(READS) else "BEGIN IMMEDIATE")


def is_corrupt(error: BaseException | None) -> bool:
    """Say whether an error means that a database is not sound, rather than that it can't be reached now."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(origin, "sqlite_errorcode", None)
    if code is not None:
        return code & _PRIMARY_CODE in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return getattr(origin, "sqlstate", None) in _CORRUPT_STATES


def reason_of(error: SQLAlchemyError) -> str:
    """Return the database's own words, one line: SQLAlchemy's quote values, secrets among them."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    said = str(origin).strip().splitlines() if origin else []
    return f"{type(origin or error).__name__}: {said[0] if said else 'failed'}"


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
