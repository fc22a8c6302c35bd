"""The webhooks of a state database."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from schemas.webhook import DeliveryStatus, FilterValues, FixedWebhook, Webhook, WebhookEvent, WebhookStatus
from streams.archive.state.open import State
from streams.archive.state.positions import Positions
from streams.archive.state.tables import DELIVERIES, WEBHOOK_ENTRIES, WEBHOOKS
from streams.archive.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class StoredWebhook:
    """A webhook with what only we know of it."""

    id: str
    url: str
    filter: FilterValues
    events: tuple[WebhookEvent, ...]
    created_at: datetime
    since: datetime
    """Records of before are not delivered: from the creation on, or from where it was recovered."""
    description: str | None = None
    fixed: bool = False
    secret: str | None = field(default=None, repr=False)
    old_secret: str | None = field(default=None, repr=False)
    old_secret_until: datetime | None = None
    status: WebhookStatus = WebhookStatus.ACTIVE
    disabled_reason: str | None = None
    succeeded_at: datetime | None = None
    recovery: int = 0
    """Counts up when the delivery shall begin anew from `since`."""

    @property
    def active(self) -> bool:
        """Whether anything is sent."""
        return self.status is WebhookStatus.ACTIVE

    def shown(self, *, secret: str | None = None) -> Webhook:
        """Return what may be shown of it."""
        return Webhook(
            id=self.id, url=self.url, filter=self.filter, events=self.events, description=self.description,
            status=self.status, disabled_reason=self.disabled_reason, fixed=self.fixed, created_at=self.created_at,
            secret=secret,
        )  # fmt: skip

    @property
    def owner(self) -> str:
        """The owner's name of its positions: after a recovery there are none yet, whoever writes to the old ones."""
        return f"webhook:{self.id}:{self.recovery}"


@dataclass(frozen=True, slots=True)
class Webhooks:
    """All webhooks; small in number, so that they are read at once."""

    state: State

    def all(self) -> list[StoredWebhook]:
        """Return all, oldest first."""
        with self.state.read() as connection:
            rows = connection.execute(select(WEBHOOKS).order_by(WEBHOOKS.c.created_at, WEBHOOKS.c.id))
            return [_webhook(row) for row in rows]

    def get(self, webhook_id: str) -> StoredWebhook | None:
        """Return one, or None."""
        with self.state.read() as connection:
            row = connection.execute(select(WEBHOOKS).where(WEBHOOKS.c.id == webhook_id)).one_or_none()
            return None if row is None else _webhook(row)

    def add(self, webhook: StoredWebhook) -> None:
        """Keep a new one."""
        with self.state.write() as connection:
            connection.execute(WEBHOOKS.insert().values(**_row(webhook)))

    def change(self, webhook: StoredWebhook, *, begin_again: datetime | None = None) -> bool:
        """Keep what a person may change of it; says whether it is there.

        With `begin_again`, the present time, what is pending is tried as if for the first time.
        """
        names = ("url", "filter", "events", "description", "status", "disabled_reason", "secret", "old_secret",
                 "old_secret_until")  # fmt: skip
        row = _row(webhook)
        with self.state.write() as connection:
            done = connection.execute(
                update(WEBHOOKS).where(WEBHOOKS.c.id == webhook.id).values({name: row[name] for name in names})
            )
            if begin_again is not None:
                connection.execute(
                    update(DELIVERIES)
                    .where(
                        DELIVERIES.c.webhook_id == webhook.id,
                        DELIVERIES.c.status == DeliveryStatus.PENDING.value,
                        DELIVERIES.c.next_at.is_not(None),  # those behind it wait on
                    )
                    .values(attempt=0, first_at=None, next_at=begin_again)
                )
            return done.rowcount > 0

    def recover(self, webhook_id: str, since: datetime) -> bool:
        """Have everything that is due since a time delivered again, also to a disabled one, which is active by that.

        Says whether the webhook is there.
        """
        with self.state.write() as connection:
            done = connection.execute(
                update(WEBHOOKS)
                .where(WEBHOOKS.c.id == webhook_id)
                .values(
                    since=since,
                    recovery=WEBHOOKS.c.recovery + 1,
                    status=WebhookStatus.ACTIVE.value,
                    disabled_reason=None,
                )
            )
            return done.rowcount > 0

    def remove(self, webhook_id: str) -> bool:
        """Forget a webhook with all that is kept of it; says whether it was there."""
        with self.state.write() as connection:
            return _remove(connection, webhook_id)

    def keep_fixed(self, fixed: Collection[FixedWebhook], now: datetime, *, complete: bool) -> None:
        """Take up what `liveline.yaml` lists; with `complete`, the fixed ones that it no longer lists are forgotten."""
        with self.state.write() as connection:
            for each in fixed:
                row = _row(
                    StoredWebhook(
                        each.id, each.url, each.filter, each.events, now, now, description=each.description, fixed=True
                    )
                )
                insert_or_ignore(connection, WEBHOOKS, [row])
                named = {name: row[name] for name in ("url", "filter", "events", "description", "fixed")}
                connection.execute(update(WEBHOOKS).where(WEBHOOKS.c.id == each.id).values(named))
            if complete:
                kept = [each.id for each in fixed]
                gone = select(WEBHOOKS.c.id).where(WEBHOOKS.c.fixed, WEBHOOKS.c.id.not_in(kept))
                for webhook_id in connection.execute(gone).scalars().all():
                    _remove(connection, webhook_id)


def disable(connection: Connection, webhook_id: str, reason: str) -> None:
    """Send nothing more to a webhook, within the caller's transaction."""
    connection.execute(
        update(WEBHOOKS)
        .where(WEBHOOKS.c.id == webhook_id)
        .values(status=WebhookStatus.DISABLED.value, disabled_reason=reason)
    )


def rotated(webhook: StoredWebhook, secret: str, until: datetime) -> StoredWebhook:
    """Return the webhook with a new secret; the one of before signs along until a time."""
    return replace(webhook, secret=secret, old_secret=webhook.secret, old_secret_until=until)


def _remove(connection: Connection, webhook_id: str) -> bool:
    connection.execute(delete(DELIVERIES).where(DELIVERIES.c.webhook_id == webhook_id))
    connection.execute(delete(WEBHOOK_ENTRIES).where(WEBHOOK_ENTRIES.c.webhook_id == webhook_id))
    Positions.forget(connection, f"webhook:{webhook_id}:")
    return connection.execute(delete(WEBHOOKS).where(WEBHOOKS.c.id == webhook_id)).rowcount > 0


def _row(webhook: StoredWebhook) -> dict[str, Any]:
    return {
        "id": webhook.id, "url": webhook.url, "filter": json.dumps(webhook.filter, sort_keys=True),
        "events": ",".join(webhook.events), "description": webhook.description, "fixed": webhook.fixed,
        "secret": webhook.secret, "old_secret": webhook.old_secret, "old_secret_until": webhook.old_secret_until,
        "status": webhook.status.value, "disabled_reason": webhook.disabled_reason, "created_at": webhook.created_at,
        "since": webhook.since, "succeeded_at": webhook.succeeded_at, "recovery": webhook.recovery,
    }  # fmt: skip


def _webhook(row: Row[tuple[Any, ...]]) -> StoredWebhook:
    kept = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's own public name for it)
    kept["filter"] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(kept["filter"]).items()
    }
    kept["events"] = tuple(WebhookEvent(event) for event in kept["events"].split(","))
    kept["status"] = WebhookStatus(kept["status"])
    return StoredWebhook(**kept)
