"""Where the alerts' projection is: beside the archive's file, or in the archive's PostgreSQL database."""

from pathlib import Path

from sqlalchemy import URL

from streams.archive.database import read_url

SETTING = "LIVELINE_ARCHIVE"


def alerts_url(archive: str) -> URL:
    """Return the projection's URL for that of the archive: `liveline.db` has `liveline.alerts.db` beside it.

    Raises `SettingsError` for what is no URL of a database that Liveline can use.
    """
    url = read_url(SETTING, archive)
    if url.get_backend_name() != "sqlite":
        return url
    path = Path(url.database or "")
    return url.set(database=str(path.with_name(f"{path.stem}.alerts{path.suffix}")))


def file_of(url: URL) -> Path | None:
    """Return the file of a SQLite database, or None for another kind."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None
