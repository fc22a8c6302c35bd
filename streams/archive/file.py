"""The archive's file: made, taken up, or set aside when it is another log's."""

import sqlite3
from importlib.resources import files
from pathlib import Path
from typing import Final

import structlog

_VERSION: Final = 2


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection that may be closed in another thread than it was made in."""
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def take_up(path: Path, identity: str, log: structlog.stdlib.BoundLogger) -> sqlite3.Connection:
    """Return a connection to the archive of this log, begun anew when the file is another's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = connect(path)
    try:
        found = connection.execute("SELECT identity, version FROM log").fetchone()
    except sqlite3.OperationalError:  # no table: a new file
        found = None
    if found == (identity, _VERSION):
        return connection
    if found is not None:
        connection.close()
        aside = _free_name(path)
        log.warning("the archive is of another log; it is set aside", archive=str(path), kept_as=str(aside))
        for suffix in ("-wal", "-shm", ""):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        connection = connect(path)
    with connection:
        schema = files("streams.archive").joinpath("schema.sql").read_text("utf-8")
        connection.executescript("BEGIN;" + schema + "COMMIT;")
        connection.execute("INSERT INTO log VALUES (?, ?)", (identity, _VERSION))
    return connection


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    return aside
