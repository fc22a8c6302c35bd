"""The projection's database: made, taken up, or begun anew when it is another log's or broken.

Nothing is lost by that: it is read from Kafka again.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import URL, Connection, Engine, create_engine, delete, insert, select, text
from sqlalchemy.exc import DBAPIError

from streams.archive.alerts.address import SETTING, file_of
from streams.archive.alerts.tables import ALERT_LOG, ALERT_POSITIONS, METADATA
from streams.archive.database import CONNECT_SECONDS, is_corrupt, name_of, sqlite_engine
from streams.archive.forms import Forms
from streams.archive.sqlite.file import set_aside
from streams.archive.upsert import insert_or_ignore
from streams.exceptions import LivelineError

FORMS: Final = Forms("streams.archive.alerts", "liveline_alerts_version")
_LOCK: Final = 0x4C49_5641  # any number; PostgreSQL's advisory locks have no names


class NewerAlertsError(LivelineError):
    """The database was brought to a form that this version of Liveline does not know."""


def engine_of(url: URL) -> Engine:
    """Return an engine; nothing connects yet."""
    path = file_of(url)
    if path is None:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_SECONDS})
    path.parent.mkdir(parents=True, exist_ok=True)
    return sqlite_engine(path, "NORMAL")


def take_up(url: URL, identity: str, partitions: Sequence[int], log: structlog.stdlib.BoundLogger) -> Engine:
    """Return an engine on the projection of this log, with a position for each partition.

    A SQLite file that is another log's or broken is set aside; in PostgreSQL another log's alerts are deleted.
    """
    path = file_of(url)
    while True:
        engine = engine_of(url)
        try:
            reason = _prepare(engine, identity, partitions, anew=path is None)
        except DBAPIError as error:
            engine.dispose()
            if path is None or not is_corrupt(error):
                raise
            reason = "corrupt"
        except BaseException:
            engine.dispose()
            raise
        if reason is None:
            return engine
        if path is None:
            log.warning("alerts.begun_anew", reason=reason, archive=name_of(url))
            return engine
        engine.dispose()
        set_aside(path, reason, log)


def remove(url: URL, reason: str, log: structlog.stdlib.BoundLogger) -> Path | None:
    """Put a SQLite file aside and return its new name, or delete what PostgreSQL has: a gateway builds it anew."""
    path = file_of(url)
    if path is not None:
        return set_aside(path, reason, log)
    engine = engine_of(url)
    try:
        with engine.begin() as connection:
            if FORMS.current(connection) is not None:
                _empty(connection)
    finally:
        engine.dispose()
    log.warning("alerts.begun_anew", reason=reason, archive=name_of(url))
    return None


def _prepare(engine: Engine, identity: str, partitions: Sequence[int], *, anew: bool) -> str | None:
    """Bring a database to its present form; returns why it is of no use, which `anew` has mended already."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        here, known = FORMS.current(connection), FORMS.known()
        if here is not None and here not in known:
            raise NewerAlertsError(
                f"{SETTING}: the alerts have form {here!r}, which a newer Liveline made; expected one of "
                f"{', '.join(known)}: run that version, or `liveline archive rebuild`"
            )
        FORMS.upgrade(connection)
        found = connection.execute(select(ALERT_LOG.c.identity)).scalar_one_or_none()
        reason = "another_log" if found not in (None, identity) else None
        if reason is not None and not anew:
            return reason
        if reason is not None:
            _empty(connection)
            found = None
        if found is None:
            connection.execute(insert(ALERT_LOG).values(identity=identity))
        rows = [{"partition": partition, "floor": 0, "next": 0} for partition in partitions]
        insert_or_ignore(connection, ALERT_POSITIONS, rows)
        return reason


def _empty(connection: Connection) -> None:
    for table in METADATA.sorted_tables:
        connection.execute(delete(table))
