"""The archive's file: which one it is, who has it, and how it is set aside."""

import sqlite3
from pathlib import Path

import structlog

from streams.archive.archive import ArchiveInUseError
from streams.archive.database import is_corrupt


def open_existing(path: Path) -> sqlite3.Connection:
    """Return a connection to a file that is there; it never makes one."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30, check_same_thread=False)


def open_alone(path: Path) -> sqlite3.Connection:
    """Return the only connection to a file; raises an error that says so if a gateway has it."""
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


def set_aside(path: Path, reason: str, log: structlog.stdlib.BoundLogger) -> Path | None:
    """Give an archive's files another name, never delete them, and return it; those that are not there need none."""
    aside = _free_name(path)
    kept = [part for suffix in ("-wal", "-shm", "") if (part := path.with_name(path.name + suffix)).exists()]
    for part in kept:
        part.rename(aside.with_name(aside.name + part.name.removeprefix(path.name)))
    log.warning("archive.set_aside", reason=reason, archive=str(path), kept_as=str(aside) if kept else None)
    return aside if kept else None


def file_id(path: Path) -> tuple[int, int] | None:
    """Return which file stands at a path, or None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    return aside
