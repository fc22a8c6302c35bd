"""The archive at a database URL, and what an operator does with it."""

from pathlib import Path
from typing import Final

import structlog

from streams.archive.archive import Archive
from streams.archive.database import read_url
from streams.archive.maintenance import Maintenance
from streams.archive.postgres.maintenance import PostgresMaintenance
from streams.archive.postgres.store import PostgresStore
from streams.archive.sql.archive import SqlArchive
from streams.archive.sqlite.maintenance import SqliteMaintenance
from streams.archive.sqlite.store import SqliteStore

VARIABLE: Final = "LIVELINE_ARCHIVE"


def open_archive(url: str, log: structlog.stdlib.BoundLogger) -> Archive:
    """Return the archive at a URL; nothing connects before its `open`.

    Raises `SettingsError` for what is neither `sqlite:///FILE` nor `postgresql://USER@HOST/NAME`.
    """
    parsed = read_url(VARIABLE, url)
    if parsed.get_backend_name() == "sqlite":
        return SqlArchive(SqliteStore(Path(parsed.database or ""), log))
    return SqlArchive(PostgresStore(parsed, log))


def open_maintenance(url: str, log: structlog.stdlib.BoundLogger) -> Maintenance:
    """Return what an operator does with the archive at a URL; raises `SettingsError` as `open_archive` does."""
    parsed = read_url(VARIABLE, url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteMaintenance(Path(parsed.database or ""), log)
    return PostgresMaintenance(parsed, log)
