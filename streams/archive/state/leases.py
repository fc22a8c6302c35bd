"""Leases: of several processes on one state database, one does the work.

A lease counts by the clocks of those who want it. Clocks that differ by less than its length do no harm: whoever lost
it finds out before it writes, for every write names its holder.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from streams.archive.state.open import State
from streams.archive.state.tables import LEASES
from streams.archive.upsert import insert_or_ignore
from streams.exceptions import LivelineError


class LeaseLostError(LivelineError):
    """Another process has the lease: what this one was about to write is not written."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A process's hold of a name."""

    name: str
    holder: str

    def need(self, connection: Connection) -> None:
        """Raise `LeaseLostError` unless the lease is still this holder's, and keep it so until the transaction ends."""
        held = connection.execute(
            update(LEASES)
            .where(LEASES.c.name == self.name, LEASES.c.holder == self.holder)
            .values(holder=self.holder)  # no change; the row is locked
        )
        if held.rowcount != 1:
            raise LeaseLostError(f"the lease {self.name!r} is no longer held by {self.holder}")


@dataclass(frozen=True, slots=True)
class Leases:
    """The leases of a state database."""

    state: State

    def acquire(self, lease: Lease, now: datetime, length: timedelta) -> bool:
        """Take a free or expired lease, or prolong one's own; says whether it is held now."""
        with self.state.write() as connection:
            insert_or_ignore(connection, LEASES, [{"name": lease.name, "holder": lease.holder, "expires_at": now}])
            taken = connection.execute(
                update(LEASES)
                .where(
                    LEASES.c.name == lease.name,
                    (LEASES.c.holder == lease.holder) | (LEASES.c.expires_at <= now),
                )
                .values(holder=lease.holder, expires_at=now + length)
            )
            return taken.rowcount == 1

    def release(self, lease: Lease) -> None:
        """Let go of it, if it is held."""
        with self.state.write() as connection:
            connection.execute(delete(LEASES).where(LEASES.c.name == lease.name, LEASES.c.holder == lease.holder))

    def holder(self, name: str, now: datetime) -> str | None:
        """Return who holds a name, or None."""
        with self.state.read() as connection:
            found: str | None = connection.execute(
                select(LEASES.c.holder).where(LEASES.c.name == name, LEASES.c.expires_at > now)
            ).scalar_one_or_none()
            return found
