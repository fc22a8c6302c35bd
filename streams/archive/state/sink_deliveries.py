"""What became of each alert revision at each sink: a queue that outlives the process, and the record of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, select, update

from streams.archive.in_parts import in_parts
from streams.archive.state.open import State
from streams.archive.state.tables import SINK_DELIVERIES
from streams.archive.upsert import insert_or_ignore, insert_or_update


class SinkStatus(StrEnum):
    """What became of it."""

    PENDING = "pending"
    """To be sent, or to be tried again."""
    SENDING = "sending"
    """Handed to the sink; if the process ends before the answer is kept, it is in doubt."""
    QUIET = "quiet"
    """Kept back until the sink's quiet hours end."""
    DIGEST = "digest"
    """Gathered for the sink's digest."""
    MOST = "most"
    """Beyond the sink's `most` an hour: gathered until there is room."""
    SENT = "sent"
    FAILED = "failed"
    """A dead letter: every attempt failed."""
    LATE = "late"
    """Too old to be told."""
    MUTED = "muted"
    """Acknowledged or muted."""
    DROPPED = "dropped"
    """A withdrawal of what the sink was never sent, or what was withdrawn while it was kept back."""


OPEN: Final = (SinkStatus.PENDING, SinkStatus.SENDING, SinkStatus.QUIET, SinkStatus.DIGEST, SinkStatus.MOST)
_OPEN_VALUES: Final = tuple(status.value for status in OPEN)


@dataclass(frozen=True, slots=True)
class SinkDelivery:
    """An alert revision at a sink."""

    sink: str
    alert_id: str
    revision: int
    status: SinkStatus
    at: datetime
    """Of its present status."""
    attempt: int = 0
    next_at: datetime | None = None
    """When it is looked at next."""
    error: str | None = None
    value: bytes = b""
    """The Alert as JSON."""
    insists: str | None = None
    gathers: str = ""
    """What has the same is one message."""
    arrived_at: datetime | None = None
    message: str | None = None
    """The message in which it is sent; the same over its attempts."""
    in_doubt: bool = False
    """It may have been sent before: nobody knows what came of an attempt."""
    seq: int = 0


_WRITTEN: Final = tuple(name for name in SinkDelivery.__dataclass_fields__ if name not in {"seq", "status"})


@dataclass(frozen=True, slots=True)
class SinkDeliveries:
    """The sinks' deliveries of a state database."""

    state: State

    @staticmethod
    def add(connection: Connection, new: Sequence[SinkDelivery]) -> None:
        """Queue revisions within the caller's transaction, beside the positions; one that is there is left alone."""
        insert_or_ignore(connection, SINK_DELIVERIES, [_row(each) for each in new])

    def put(self, delivery: SinkDelivery) -> None:
        """Keep what became of one; a later word replaces an earlier one."""
        with self.state.write() as connection:
            insert_or_update(connection, SINK_DELIVERIES, [_row(delivery)], ("sink", "alert_id", "revision"))

    @staticmethod
    def change(
        connection: Connection,
        seqs: Collection[int],
        *,
        only: Collection[SinkStatus] = tuple(SinkStatus),
        **values: Any,
    ) -> int:
        """Give deliveries of some status new values, within the caller's transaction; returns how many there were."""
        if "status" in values:
            values["status"] = SinkStatus(values["status"]).value
        changed = 0
        statement = update(SINK_DELIVERIES).where(SINK_DELIVERIES.c.status.in_([status.value for status in only]))
        for part in in_parts(seqs):
            changed += connection.execute(statement.where(SINK_DELIVERIES.c.seq.in_(part)).values(**values)).rowcount
        return changed

    @staticmethod
    def doubt(connection: Connection, now: datetime) -> int:
        """Have what another process was sending sent again, marked as in doubt; returns how many revisions."""
        found = connection.execute(
            update(SINK_DELIVERIES)
            .where(SINK_DELIVERIES.c.status == SinkStatus.SENDING.value)
            .values(status=SinkStatus.PENDING.value, next_at=now, in_doubt=True, error="stopped while it was sent")
        )
        return found.rowcount

    def open(self, sink: str, after: int = -1, *, known: Collection[int] = ()) -> list[SinkDelivery]:
        """Return what is not over at a sink and came after another delivery, in the order in which it came.

        What is `known` comes without its value.
        """
        columns = SINK_DELIVERIES.c
        light = [column for column in columns if not known or column is not columns.value]
        query = select(*light).where(columns.sink == sink, columns.status.in_(_OPEN_VALUES), columns.seq > after)
        with self.state.read() as connection:
            found = [_delivery(row) for row in connection.execute(query.order_by(columns.seq))]
            lacking = [each.seq for each in found if each.seq not in known] if known else []
            values: dict[int, bytes | None] = {}
            for part in in_parts(lacking):
                rows = connection.execute(select(columns.seq, columns.value).where(columns.seq.in_(part)))
                values.update((row.seq, row.value) for row in rows)
        return [replace(each, value=values[each.seq] or b"") if each.seq in values else each for each in found]

    def told(self, sink: str, alert_ids: Collection[str]) -> dict[str, SinkDelivery]:
        """Return the newest revision of each of these alerts that a sink was sent, or may have been sent."""
        columns = SINK_DELIVERIES.c
        found: dict[str, SinkDelivery] = {}
        with self.state.read() as connection:
            for newest in self._newest_told(connection, sink, alert_ids):
                of_it = (columns.sink == sink, columns.alert_id == newest.alert_id, columns.revision == newest.revision)
                found[newest.alert_id] = _delivery(connection.execute(select(SINK_DELIVERIES).where(*of_it)).one())
        return found

    def were_told(self, sink: str, alert_ids: Collection[str]) -> set[str]:
        """Return which of these alerts a sink was sent, or may have been sent."""
        with self.state.read() as connection:
            return {newest.alert_id for newest in self._newest_told(connection, sink, alert_ids)}

    @staticmethod
    def _newest_told(connection: Connection, sink: str, alert_ids: Collection[str]) -> list[Row[tuple[Any, ...]]]:
        columns, found = SINK_DELIVERIES.c, list[Row[tuple[Any, ...]]]()
        query = (
            select(columns.alert_id, func.max(columns.revision).label("revision"))
            .where(columns.sink == sink, columns.attempt > 0, columns.status.not_in(_OPEN_VALUES))
            .group_by(columns.alert_id)
        )
        for part in in_parts(alert_ids):
            found += connection.execute(query.where(columns.alert_id.in_(part)))
        return found

    def sinks_of(self, alert_ids: Collection[str]) -> dict[str, set[str]]:
        """Return the sinks that each of these alerts has come to."""
        query = select(SINK_DELIVERIES.c.alert_id, SINK_DELIVERIES.c.sink).where(
            SINK_DELIVERIES.c.alert_id.in_(alert_ids)
        )
        found: dict[str, set[str]] = {}
        with self.state.read() as connection:
            for alert_id, sink in connection.execute(query.distinct()):
                found.setdefault(alert_id, set()).add(sink)
        return found

    def sent_since(self, sink: str, since: datetime) -> list[datetime]:
        """Return when each message of a sink was sent since a time, the oldest first; what is being sent counts."""
        columns = SINK_DELIVERIES.c
        query = (
            select(func.max(columns.at))
            .where(columns.sink == sink, columns.at > since)
            .where(columns.status.in_((SinkStatus.SENT.value, SinkStatus.SENDING.value)))
            .group_by(columns.message)
        )
        with self.state.read() as connection:
            return sorted(connection.execute(query).scalars())

    def of_alert(self, alert_id: str) -> list[SinkDelivery]:
        """Return what became of an alert's revisions, in the order in which they were first kept."""
        with self.state.read() as connection:
            rows = connection.execute(
                select(SINK_DELIVERIES).where(SINK_DELIVERIES.c.alert_id == alert_id).order_by(SINK_DELIVERIES.c.seq)
            )
            return [_delivery(row) for row in rows]

    def all(self) -> list[SinkDelivery]:
        """Return everything that is kept, in the order in which it came."""
        with self.state.read() as connection:
            return [
                _delivery(row) for row in connection.execute(select(SINK_DELIVERIES).order_by(SINK_DELIVERIES.c.seq))
            ]

    def of_alerts(self, alert_ids: Collection[str]) -> dict[str, list[SinkDelivery]]:
        """Return the same of several alerts, by alert."""
        found = dict[str, list[SinkDelivery]]()
        query = select(SINK_DELIVERIES).order_by(SINK_DELIVERIES.c.seq)
        with self.state.read() as connection:
            for part in in_parts(alert_ids):
                for row in connection.execute(query.where(SINK_DELIVERIES.c.alert_id.in_(part))):
                    found.setdefault(row.alert_id, []).append(_delivery(row))
        return found

    def counts(self) -> dict[str, dict[SinkStatus, int]]:
        """Return how many revisions of each status every sink has."""
        columns = SINK_DELIVERIES.c
        query = select(columns.sink, columns.status, func.count()).group_by(columns.sink, columns.status)
        found: dict[str, dict[SinkStatus, int]] = {}
        with self.state.read() as connection:
            for sink, status, count in connection.execute(query):
                found.setdefault(sink, {})[SinkStatus(status)] = count
        return found

    @staticmethod
    def prune(connection: Connection, before: datetime) -> None:
        """Forget what was over before a time, within the caller's transaction."""
        columns = SINK_DELIVERIES.c
        connection.execute(delete(SINK_DELIVERIES).where(columns.at < before, columns.status.not_in(_OPEN_VALUES)))


def _row(delivery: SinkDelivery) -> dict[str, Any]:
    return {"status": delivery.status.value, **{name: getattr(delivery, name) for name in _WRITTEN}}


def _delivery(row: Row[tuple[Any, ...]]) -> SinkDelivery:
    kept = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's own public name for it)
    kept["status"] = SinkStatus(kept["status"])
    kept["value"] = kept.get("value") or b""
    kept["gathers"] = kept["gathers"] or ""
    return SinkDelivery(**kept)
