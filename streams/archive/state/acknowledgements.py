"""Alerts that somebody has acknowledged."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from streams.archive.in_parts import in_parts
from streams.archive.state.open import State
from streams.archive.state.tables import ACKNOWLEDGEMENTS
from streams.archive.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who acknowledged an alert, and when; the first one counts."""

    alert_id: str
    at: datetime
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Acknowledgements:
    """The acknowledgements of a state database."""

    state: State

    def add(self, acknowledgement: Acknowledgement) -> Acknowledgement:
        """Keep it, unless the alert has one; returns the one that counts."""
        with self.state.write() as connection:
            row = {"alert_id": acknowledgement.alert_id, "at": acknowledgement.at, "by": acknowledgement.by}
            insert_or_ignore(connection, ACKNOWLEDGEMENTS, [row])
        return self.of([acknowledgement.alert_id])[acknowledgement.alert_id]

    def of(self, alert_ids: Collection[str]) -> dict[str, Acknowledgement]:
        """Return the acknowledgements of these alerts, by alert."""
        found = dict[str, Acknowledgement]()
        with self.state.read() as connection:
            for part in in_parts(alert_ids):
                for row in connection.execute(select(ACKNOWLEDGEMENTS).where(ACKNOWLEDGEMENTS.c.alert_id.in_(part))):
                    found[row.alert_id] = Acknowledgement(row.alert_id, row.at, row.by)
        return found

    def remove(self, alert_id: str) -> bool:
        """Take an alert's acknowledgement back; says whether there was one."""
        with self.state.write() as connection:
            of_alert = ACKNOWLEDGEMENTS.c.alert_id == alert_id
            return connection.execute(delete(ACKNOWLEDGEMENTS).where(of_alert)).rowcount > 0
