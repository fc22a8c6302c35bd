"""What is written to the alerts' projection; each call is a transaction of its own in the writer's thread."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from streams.archive.alerts.revision import AlertRevision
from streams.archive.alerts.tables import ALERT_POSITIONS, ALERT_REVISIONS, ALERTS
from streams.archive.upsert import insert_or_update


def append(engine: Engine, revisions: Sequence[AlertRevision], position: Mapping[int, int]) -> None:
    """Keep revisions and the position after them; what is here already is passed over."""
    with engine.begin() as connection:
        # The rows are locked, so that of several gateways on one database one writes at a time: `seq` counts up as
        # each partition does.
        known = select(ALERT_POSITIONS.c.partition, ALERT_POSITIONS.c.next).with_for_update()
        here = {partition: following for partition, following in connection.execute(known)}  # noqa: C416  (rows)
        for each in revisions:
            if each.offset >= here.get(each.partition, 0):
                _add(connection, each)
        for partition, following in position.items():
            if following > here.get(partition, 0):
                _move(connection, partition, {"next": following})


def restart(engine: Engine, position: Mapping[int, int]) -> None:
    """Go on from here although something before it is missing: the unbroken history begins here."""
    with engine.begin() as connection:
        for partition, following in position.items():
            _move(connection, partition, {"next": following, "floor": following})


def prune(engine: Engine, before: datetime, *, dry_run: bool = False) -> tuple[int, int]:
    """Forget the alerts whose newest revision is older than a time; returns how many, and how many revisions.

    A reader whose cursor stands before something that is forgotten is told so: the floor rises.
    """
    with engine.begin() as connection:
        old = select(ALERTS.c.alert_id).where(ALERTS.c.at < before)
        mine = ALERT_REVISIONS.c.alert_id.in_(old)
        floors = connection.execute(
            select(ALERT_REVISIONS.c.partition, func.max(ALERT_REVISIONS.c.offset) + 1)
            .where(mine)
            .group_by(ALERT_REVISIONS.c.partition)
        ).all()
        for partition, floor in floors:
            lower = ALERT_POSITIONS.c.floor < floor
            of_partition = ALERT_POSITIONS.c.partition == partition
            connection.execute(update(ALERT_POSITIONS).where(of_partition, lower).values(floor=floor))
        revisions = connection.execute(delete(ALERT_REVISIONS).where(mine)).rowcount
        alerts = connection.execute(delete(ALERTS).where(ALERTS.c.at < before)).rowcount
        if dry_run:
            connection.rollback()
    return alerts, revisions


def _add(connection: Connection, each: AlertRevision) -> None:
    seq = connection.execute(
        insert(ALERT_REVISIONS)
        .values(
            partition=each.partition, offset=each.offset, alert_id=each.alert_id, revision=each.revision, at=each.at,
            notify=each.notify, value=each.value,
        )
        .returning(ALERT_REVISIONS.c.seq)
    ).scalar_one()  # fmt: skip
    newest = {
        "alert_id": each.alert_id, "newest": seq, "at": each.at, "coverage_id": each.coverage_id,
        "rule_id": each.rule_id, "change": each.change.value, "story_id": each.story_id,
    }  # fmt: skip
    insert_or_update(connection, ALERTS, [newest], ("alert_id",))


def _move(connection: Connection, partition: int, values: Mapping[str, int]) -> None:
    connection.execute(update(ALERT_POSITIONS).where(ALERT_POSITIONS.c.partition == partition).values(values))
