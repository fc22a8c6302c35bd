"""Where a reader of Kafka goes on: its offsets, kept in the same transaction as what it made of the records."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from streams.archive.state.open import State
from streams.archive.state.tables import POSITIONS
from streams.archive.upsert import insert_or_update

Place = tuple[str, int]
"""A topic and a partition of it."""


@dataclass(frozen=True, slots=True)
class Positions:
    """The positions of all readers; `owner` is a webhook, or the alerts' sinks."""

    state: State

    def of(self, owner: str, log: str) -> dict[Place, int]:
        """Return an owner's positions in a log; those in another log are worth nothing."""
        with self.state.read() as connection:
            rows = connection.execute(
                select(POSITIONS.c.topic, POSITIONS.c.partition, POSITIONS.c.next).where(
                    POSITIONS.c.owner == owner, POSITIONS.c.log == log
                )
            )
            return {(topic, partition): following for topic, partition, following in rows}

    @staticmethod
    def put(connection: Connection, owner: str, log: str, position: Mapping[Place, int]) -> None:
        """Keep positions, within the caller's transaction."""
        rows = [
            {"owner": owner, "topic": topic, "partition": partition, "log": log, "next": following}
            for (topic, partition), following in position.items()
        ]
        insert_or_update(connection, POSITIONS, rows, ("owner", "topic", "partition"))

    @staticmethod
    def forget(connection: Connection, prefix: str, *, but: str = "") -> None:
        """Drop the positions of owners whose name begins so, but for one."""
        owner = POSITIONS.c.owner
        connection.execute(delete(POSITIONS).where(owner.startswith(prefix, autoescape=True), owner != but))
