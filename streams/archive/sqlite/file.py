"""The archive's file: made, taken up, or set aside when it is another log's."""

import sqlite3
from importlib.resources import files
from pathlib import Path
from typing import Final

import structlog

from streams.archive.archive import ArchiveInUseError

VERSION: Final = 3
_PRIMARY_CODE: Final = 0xFF


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection that may be closed in another thread than it was made in."""
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def open_existing(path: Path) -> sqlite3.Connection:
    """Return a connection to a file that is there; unlike `connect`, it never makes one."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30)


def open_alone(path: Path) -> sqlite3.Connection:
    """Return the only connection to a file; raises an error that says so if a gateway has it.

    A gateway knows by heart where its history begins, so nobody else may move that while it runs.
    """
    connection = open_existing(path)
    try:
        connection.execute("PRAGMA busy_timeout = 500")
        connection.execute("PRAGMA journal_mode = DELETE")  # refused as long as there is another connection
    except sqlite3.OperationalError as error:
        connection.close()
        if is_corrupt(error):
            raise
        raise ArchiveInUseError(
            f"LIVELINE_ARCHIVE: {path} is in use; stop its gateway first, or let it prune by LIVELINE_ARCHIVE_KEPT"
        ) from error
    except BaseException:
        connection.close()
        raise
    return connection


def take_up(path: Path, identity: str, log: structlog.stdlib.BoundLogger) -> sqlite3.Connection:
    """Return a connection to the archive of this log; a file that is another's, or broken, is set aside first.

    Nothing is lost by that: the archive is built anew from Kafka.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection: sqlite3.Connection | None = None
    try:
        connection = connect(path)
        found = _identity(connection)
    except sqlite3.DatabaseError as error:
        if not is_corrupt(error):
            raise
        found, reason = ("", 0), "corrupt"
    else:
        reason = "another_log" if found and found[0] != identity else "another_version"
    if found == (identity, VERSION) and connection is not None:
        return connection
    if found is not None:
        if connection is not None:
            connection.close()
        set_aside(path, reason, log)
        connection = None
    connection = connection or connect(path)
    with connection:
        schema = files("streams.archive.sqlite").joinpath("schema.sql").read_text("utf-8")
        connection.executescript("BEGIN;" + schema + "COMMIT;")
        connection.execute("INSERT INTO log VALUES (?, ?)", (identity, VERSION))
    return connection


def set_aside(path: Path, reason: str, log: structlog.stdlib.BoundLogger) -> Path | None:
    """Give an archive's files another name, never delete them, and return it; those that are not there need none."""
    aside = _free_name(path)
    kept = [part for suffix in ("-wal", "-shm", "") if (part := path.with_name(path.name + suffix)).exists()]
    for part in kept:
        part.rename(aside.with_name(aside.name + part.name.removeprefix(path.name)))
    log.warning("archive.set_aside", reason=reason, archive=str(path), kept_as=str(aside) if kept else None)
    return aside if kept else None


def is_corrupt(error: sqlite3.Error) -> bool:
    """Say whether an error means that the file is no sound database, rather than that it can't be reached now."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & _PRIMARY_CODE in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def file_id(path: Path) -> tuple[int, int] | None:
    """Return which file stands at a path, or None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _identity(connection: sqlite3.Connection) -> tuple[str, int] | None:
    try:
        found: tuple[str, int] | None = connection.execute("SELECT identity, version FROM log").fetchone()
    except sqlite3.OperationalError as error:
        if is_corrupt(error) or "no such table" not in str(error):
            raise
        return None  # a new file
    return found


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    return aside
