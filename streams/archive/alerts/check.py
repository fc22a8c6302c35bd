"""Whether the alerts' projection is sound, and what it holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import URL, Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from streams.archive.alerts.address import file_of
from streams.archive.alerts.opening import FORMS, engine_of
from streams.archive.alerts.tables import ALERT_POSITIONS, ALERT_REVISIONS, ALERTS
from streams.archive.database import READS, reason_of

_MOST_PROBLEMS: Final = 20
_REVISIONS = ALERT_REVISIONS.c
_RULES: Final = {
    "alerts without their newest revision": select(func.count())
    .select_from(ALERTS.outerjoin(ALERT_REVISIONS, _REVISIONS.seq == ALERTS.c.newest))
    .where(_REVISIONS.alert_id.is_distinct_from(ALERTS.c.alert_id)),
    "revisions of alerts without their alert": select(func.count())
    .select_from(ALERT_REVISIONS.outerjoin(ALERTS, _REVISIONS.alert_id == ALERTS.c.alert_id))
    .where(ALERTS.c.alert_id.is_(None)),
    "revisions of alerts that their partition's position does not cover": select(func.count())
    .select_from(ALERT_REVISIONS.outerjoin(ALERT_POSITIONS, ALERT_POSITIONS.c.partition == _REVISIONS.partition))
    .where(ALERT_POSITIONS.c.next.is_(None) | (_REVISIONS.offset >= ALERT_POSITIONS.c.next)),
}


@dataclass(frozen=True, slots=True)
class CheckedAlerts:
    """What the projection holds, and what is wrong with it."""

    problems: tuple[str, ...]
    holds: Mapping[str, Any]


def has_alerts(url: URL) -> bool:
    """Say whether there is a projection, also one that can't be read; looks at no more than its form."""
    path = file_of(url)
    if path is not None and not path.is_file():
        return False
    engine = engine_of(url)
    try:
        with engine.execution_options(**{READS: True}).begin() as connection:
            return FORMS.current(connection) is not None
    except SQLAlchemyError:
        return True
    finally:
        engine.dispose()


def check_alerts(url: URL) -> CheckedAlerts | None:
    """Look through all of it; None where there is none yet."""
    path = file_of(url)
    if path is not None and not path.is_file():
        return None
    engine = engine_of(url)
    try:
        with engine.execution_options(**{READS: True}).begin() as connection:
            if FORMS.current(connection) is None:
                return None
            return CheckedAlerts(tuple(_problems(connection)), _holds(connection))
    except SQLAlchemyError as error:
        return CheckedAlerts((f"the alerts' projection can't be read: {reason_of(error)}",), {})
    finally:
        engine.dispose()


def _problems(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_PROBLEMS})"):
            if said != "ok":
                yield str(said)
    for what, query in _RULES.items():
        if count := connection.execute(query).scalar_one():
            yield f"{count} {what}"


def _holds(connection: Connection) -> dict[str, Any]:
    positions = connection.execute(select(ALERT_POSITIONS).order_by(ALERT_POSITIONS.c.partition)).all()
    return {
        "alerts": connection.execute(select(func.count()).select_from(ALERTS)).scalar_one(),
        "revisions": connection.execute(select(func.count()).select_from(ALERT_REVISIONS)).scalar_one(),
        "partitions": {str(row.partition): {"floor": row.floor, "next": row.next} for row in positions},
    }
