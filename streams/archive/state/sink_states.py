"""How each sink fares: when it last took a message, and since when it fails."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.sql import bindparam

from streams.archive.state.open import State
from streams.archive.state.tables import SINKS, UtcMilliseconds
from streams.archive.upsert import insert_or_ignore, insert_or_update


@dataclass(frozen=True, slots=True)
class SinkState:
    """A sink's last success, and the failures since."""

    id: str
    succeeded_at: datetime | None = None
    failing_since: datetime | None = None
    """The first failure since the last success; None while it works."""
    error: str | None = None
    """Of the newest failure."""


@dataclass(frozen=True, slots=True)
class SinkStates:
    """The sinks of a state database, those that a message was sent to."""

    state: State

    def all(self) -> dict[str, SinkState]:
        """Return how each sink fares, by id."""
        with self.state.read() as connection:
            return {row.id: SinkState(*row) for row in connection.execute(select(SINKS).order_by(SINKS.c.id))}

    @staticmethod
    def succeeded(connection: Connection, sink: str, at: datetime) -> None:
        """Note a success, within the caller's transaction."""
        row = {"id": sink, "succeeded_at": at, "failing_since": None, "error": None}
        insert_or_update(connection, SINKS, [row], ("id",))

    @staticmethod
    def failed(connection: Connection, sink: str, at: datetime, error: str) -> None:
        """Note a failure, within the caller's transaction; the first one since a success says since when."""
        insert_or_ignore(connection, SINKS, [{"id": sink}])
        connection.execute(
            SINKS.update()
            .where(SINKS.c.id == sink)
            .values(
                failing_since=func.coalesce(SINKS.c.failing_since, bindparam("at", at, UtcMilliseconds)), error=error
            )
        )
