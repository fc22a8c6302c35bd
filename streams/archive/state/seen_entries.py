"""What a webhook has been given: enough to say whether an entry that fits no more once did."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from streams.archive.state.tables import WEBHOOK_ENTRIES
from streams.archive.upsert import insert_or_update


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as a webhook knows it."""

    seen_from: int
    """The first revision that was judged; what it was before is unknown."""
    first_fit: int | None
    """The first revision that fitted by itself."""


class SeenEntries:
    """The entries that webhooks know; always within the caller's transaction."""

    @staticmethod
    def of(connection: Connection, webhook_id: str, entry_ids: Collection[str]) -> dict[str, Seen]:
        """Return what is known of these entries."""
        rows = connection.execute(
            select(WEBHOOK_ENTRIES.c.entry_id, WEBHOOK_ENTRIES.c.seen_from, WEBHOOK_ENTRIES.c.first_fit).where(
                WEBHOOK_ENTRIES.c.webhook_id == webhook_id, WEBHOOK_ENTRIES.c.entry_id.in_(entry_ids)
            )
        )
        return {row.entry_id: Seen(row.seen_from, row.first_fit) for row in rows}

    @staticmethod
    def put(connection: Connection, webhook_id: str, seen: Mapping[str, Seen], now: datetime) -> None:
        """Keep what is known of entries."""
        rows = [
            {
                "webhook_id": webhook_id,
                "entry_id": entry_id,
                "seen_from": each.seen_from,
                "first_fit": each.first_fit,
                "at": now,
            }
            for entry_id, each in seen.items()
        ]
        insert_or_update(connection, WEBHOOK_ENTRIES, rows, ("webhook_id", "entry_id"))

    @staticmethod
    def count_anew(connection: Connection, webhook_id: str) -> None:
        """Note that revisions are counted anew from here on: what fitted once did so before any that comes."""
        table = WEBHOOK_ENTRIES
        connection.execute(
            update(table).where(table.c.webhook_id == webhook_id, table.c.first_fit.is_not(None)).values(first_fit=0)
        )

    @staticmethod
    def prune(connection: Connection, before: datetime) -> int:
        """Forget entries that never fitted and were first judged before a time; returns how many.

        One that fitted is kept: its retraction is due however late it comes.
        """
        table = WEBHOOK_ENTRIES.c
        return connection.execute(delete(WEBHOOK_ENTRIES).where(table.at < before, table.first_fit.is_(None))).rowcount
