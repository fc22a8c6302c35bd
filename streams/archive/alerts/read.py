"""What is read from the alerts' projection; each call runs in a reader's thread."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, literal, select, tuple_

from streams.archive.alerts.revision import AlertList, AlertPage, AlertQuery, Firing, PlacedAlert
from streams.archive.alerts.tables import ALERT_POSITIONS, ALERT_REVISIONS, ALERTS

_REVISIONS = ALERT_REVISIONS.c


def read_positions(connection: Connection) -> tuple[dict[int, int], dict[int, int]]:
    """Return, for each partition, the offset that comes next, and where the unbroken history begins."""
    rows = connection.execute(select(ALERT_POSITIONS)).all()
    return {row.partition: row.next for row in rows}, {row.partition: row.floor for row in rows}


def read_after(connection: Connection, position: Mapping[int, int], until: Mapping[int, int], limit: int) -> AlertPage:
    """Return the first revisions between two positions, partition by partition, each in its order."""
    place = dict(position)
    values: list[PlacedAlert] = []
    for partition, end in sorted(until.items()):
        begin, room = place.get(partition, 0), limit - len(values)
        if begin >= end:
            continue
        if room <= 0:
            break
        rows = connection.execute(
            select(_REVISIONS.offset, _REVISIONS.value, ALERTS.c.coverage_id)
            .join(ALERTS, ALERTS.c.alert_id == _REVISIONS.alert_id)
            .where(_REVISIONS.partition == partition, _REVISIONS.offset >= begin, _REVISIONS.offset < end)
            .order_by(_REVISIONS.offset)
            .limit(room)
        ).all()
        for row in rows:
            place[partition] = row.offset + 1
            values.append(PlacedAlert(row.coverage_id, row.value, dict(place)))
        if len(rows) < room:
            place[partition] = end
    return AlertPage(values, place)


def read_alerts(connection: Connection, query: AlertQuery, before: int | None, limit: int) -> AlertList:
    """Return alerts in their newest revisions, newest first, from before the alert whose newest revision is `before`.

    The place is gone when that revision is: then the list ends.
    """
    wanted = select(_REVISIONS.seq, _REVISIONS.value).join(ALERTS, ALERTS.c.newest == _REVISIONS.seq)
    for column, values in (
        (ALERTS.c.coverage_id, query.coverages), (ALERTS.c.rule_id, query.rules), (ALERTS.c.change, query.changes),
    ):  # fmt: skip
        if values:
            wanted = wanted.where(column.in_([str(value) for value in values]))
    if query.since is not None:
        wanted = wanted.where(ALERTS.c.at >= query.since)
    if before is not None:
        at = select(_REVISIONS.at).where(_REVISIONS.seq == before).scalar_subquery()
        wanted = wanted.where(tuple_(ALERTS.c.at, ALERTS.c.newest) < tuple_(at, literal(before)))
    rows = connection.execute(wanted.order_by(ALERTS.c.at.desc(), ALERTS.c.newest.desc()).limit(limit + 1)).all()
    return AlertList([row.value for row in rows[:limit]], rows[limit - 1].seq if len(rows) > limit else None)


def read_revisions(connection: Connection, alert_id: str) -> tuple[str | None, list[bytes]]:
    """Return an alert's coverage and its revisions, newest first; None and nothing for an unknown one."""
    coverage = connection.execute(select(ALERTS.c.coverage_id).where(ALERTS.c.alert_id == alert_id)).scalar()
    rows = select(_REVISIONS.value).where(_REVISIONS.alert_id == alert_id).order_by(_REVISIONS.seq.desc())
    return coverage, list(connection.execute(rows).scalars())


def read_firings(connection: Connection, coverages: Collection[str]) -> list[Firing]:
    """Return, for each rule that told anybody of anything in these coverages (all if empty), when it last did."""
    wanted = (
        select(ALERTS.c.rule_id, func.max(_REVISIONS.at).label("told_at"), func.count(ALERTS.c.alert_id.distinct()))
        .join(ALERT_REVISIONS, _REVISIONS.alert_id == ALERTS.c.alert_id)
        .where(_REVISIONS.notify)
        .group_by(ALERTS.c.rule_id)
    )
    if coverages:
        wanted = wanted.where(ALERTS.c.coverage_id.in_(coverages))
    return [Firing(*row) for row in connection.execute(wanted)]


def read_coverages_of(connection: Connection, story_id: str) -> frozenset[str]:
    """Return the coverages in which alerts speak of a story; none for one that was never alerted of."""
    wanted = select(ALERTS.c.coverage_id).where(ALERTS.c.story_id == story_id).distinct()
    return frozenset(connection.execute(wanted).scalars())
