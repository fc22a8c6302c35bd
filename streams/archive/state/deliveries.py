"""Deliveries to webhooks: a queue that outlives the process, in order within each entry, and the log of it.

Only the first pending delivery of an entry has a time (`next_at`); the others wait behind it without one. So what is
due is found by time alone, however much waits behind an endpoint that fails.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, func, literal, or_, select, update

from schemas.webhook import Delivery, DeliveryStatus
from streams.archive.state.open import State
from streams.archive.state.positions import Place
from streams.archive.state.tables import DELIVERIES, WEBHOOKS, UtcMilliseconds
from streams.archive.state.webhooks import disable


class MessageKind(StrEnum):
    """What a delivery tells of."""

    ENTRY = "entry"
    ALERT = "alert"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message that is to be delivered."""

    message_id: str
    """The header `webhook-id`: the same over all attempts."""
    subject: str
    """Messages of one subject are delivered in order."""
    kind: MessageKind
    body: bytes
    revision: int | None = None
    place: Place | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class PendingDelivery:
    """A delivery whose time has come."""

    seq: int
    message_id: str
    subject: str
    body: bytes
    attempt: int
    """How often it was sent already."""
    first_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt."""

    seq: int
    status: DeliveryStatus
    attempt: int
    at: datetime
    next_at: datetime | None = None
    http_status: int | None = None
    error: str | None = None
    disable: str | None = None
    """Why the webhook is disabled by it."""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The deliveries of a state database."""

    state: State

    @staticmethod
    def add(connection: Connection, webhook_id: str, new: Sequence[NewDelivery], now: datetime) -> None:
        """Queue messages, within the caller's transaction: beside the position after them."""
        subjects = {each.subject for each in new}
        waiting = set(
            connection.execute(
                select(DELIVERIES.c.subject).where(_pending(webhook_id), DELIVERIES.c.subject.in_(subjects)).distinct()
            ).scalars()
        )
        rows = []
        for each in new:
            topic, partition = each.place or (None, None)
            rows.append(
                {
                    "webhook_id": webhook_id, "message_id": each.message_id, "subject": each.subject,
                    "revision": each.revision, "kind": each.kind.value, "topic": topic, "partition": partition,
                    "offset": each.offset, "body": each.body, "status": DeliveryStatus.PENDING.value, "attempt": 0,
                    "created_at": now, "next_at": None if each.subject in waiting else now,
                }
            )  # fmt: skip
            waiting.add(each.subject)
        if rows:
            connection.execute(DELIVERIES.insert(), rows)

    def queue(self, webhook_id: str, message: NewDelivery, now: datetime) -> None:
        """Queue one message in a transaction of its own."""
        with self.state.write() as connection:
            self.add(connection, webhook_id, [message], now)

    def due(self, webhook_id: str, now: datetime, limit: int, without: Collection[int] = ()) -> list[PendingDelivery]:
        """Return what is due to be sent, the longest due first, but for what is under way."""
        columns = DELIVERIES.c
        query = (
            select(columns.seq, columns.message_id, columns.subject, columns.body, columns.attempt, columns.first_at)
            .where(_pending(webhook_id), columns.next_at <= now, columns.seq.not_in(without))
            .order_by(columns.next_at, columns.seq)
            .limit(limit)
        )
        with self.state.read() as connection:
            return [PendingDelivery(*row) for row in connection.execute(query)]

    def next_at(self, webhook_id: str, without: Collection[int] = ()) -> datetime | None:
        """Return when something is due next, or None."""
        query = select(func.min(DELIVERIES.c.next_at)).where(
            _pending(webhook_id), DELIVERIES.c.next_at.is_not(None), DELIVERIES.c.seq.not_in(without)
        )
        with self.state.read() as connection:
            found: datetime | None = connection.execute(query).scalar_one()
            return found

    @staticmethod
    def record(connection: Connection, outcomes: Mapping[int, tuple[str, Outcome]]) -> None:
        """Keep outcomes, by delivery with its webhook, within the caller's transaction.

        Whoever waited behind a delivery that is over is due at once.
        """
        for seq, (webhook_id, outcome) in outcomes.items():
            over = outcome.status is not DeliveryStatus.PENDING
            values = {
                "status": outcome.status.value, "attempt": outcome.attempt, "at": outcome.at,
                "first_at": func.coalesce(DELIVERIES.c.first_at, literal(outcome.at, UtcMilliseconds)),
                "next_at": outcome.next_at, "http_status": outcome.http_status, "error": outcome.error,
            }  # fmt: skip
            if over:
                values["body"] = None
            kept = connection.execute(
                update(DELIVERIES)
                .where(DELIVERIES.c.seq == seq, DELIVERIES.c.status == DeliveryStatus.PENDING.value)
                .values(values)
                .returning(DELIVERIES.c.subject)
            ).one_or_none()
            if kept is None:
                continue  # it was taken back by a recovery, or its webhook is gone
            if over:
                _let_next_go(connection, webhook_id, kept.subject, outcome.at)
            if outcome.status is DeliveryStatus.SUCCEEDED:
                connection.execute(update(WEBHOOKS).where(WEBHOOKS.c.id == webhook_id).values(succeeded_at=outcome.at))
            if outcome.disable:
                disable(connection, webhook_id, outcome.disable)

    @staticmethod
    def take_back(connection: Connection, webhook_id: str, position: Mapping[Place, int]) -> None:
        """Drop what is pending from these places on: it is about to be read again, in its order."""
        later = [
            and_(DELIVERIES.c.topic == topic, DELIVERIES.c.partition == partition, DELIVERIES.c.offset >= offset)
            for (topic, partition), offset in position.items()
        ]
        if later:
            connection.execute(delete(DELIVERIES).where(_pending(webhook_id), or_(*later)))

    def pending(self, webhook_id: str) -> int:
        """Return how many are not over."""
        with self.state.read() as connection:
            return connection.execute(select(func.count()).where(_pending(webhook_id))).scalar_one()

    def page(self, webhook_id: str, before: int | None, limit: int) -> tuple[list[Delivery], int | None]:
        """Return deliveries, newest first, from before a place on, and where the next page begins."""
        query = select(DELIVERIES).where(DELIVERIES.c.webhook_id == webhook_id)
        if before is not None:
            query = query.where(DELIVERIES.c.seq < before)
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(DELIVERIES.c.seq.desc()).limit(limit + 1)).all()
        shown = [
            Delivery(
                id=str(row.seq), type=message_type(MessageKind(row.kind)), revision=row.revision,
                entry_id=row.subject if row.kind == MessageKind.ENTRY else None,
                alert_id=row.subject if row.kind == MessageKind.ALERT else None,
                status=DeliveryStatus(row.status), attempt=row.attempt, at=row.at or row.created_at,
                http_status=row.http_status, error=row.error, next_at=row.next_at,
            )
            for row in rows[:limit]
        ]  # fmt: skip
        return shown, rows[limit - 1].seq if len(rows) > limit else None

    @staticmethod
    def prune(connection: Connection, before: datetime) -> int:
        """Forget what was over before a time; returns how many."""
        over = and_(DELIVERIES.c.status != DeliveryStatus.PENDING.value, DELIVERIES.c.at < before)
        return connection.execute(delete(DELIVERIES).where(over)).rowcount


def message_type(kind: MessageKind) -> str:
    """Return the `type` of a body."""
    return f"liveline.{kind}.v1"


def _pending(webhook_id: str) -> ColumnElement[bool]:
    return and_(DELIVERIES.c.webhook_id == webhook_id, DELIVERIES.c.status == DeliveryStatus.PENDING.value)


def _let_next_go(connection: Connection, webhook_id: str, subject: str, now: datetime) -> None:
    first = select(func.min(DELIVERIES.c.seq)).where(_pending(webhook_id), DELIVERIES.c.subject == subject)
    connection.execute(
        update(DELIVERIES)
        .where(DELIVERIES.c.seq == first.scalar_subquery(), DELIVERIES.c.next_at.is_(None))
        .values(next_at=now)
    )
