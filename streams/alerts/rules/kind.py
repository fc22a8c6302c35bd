"""What all kinds of rules have in common."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from schemas.entry import Entry
from streams.alerts.cel import Reading


@dataclass(frozen=True, slots=True)
class Seen:
    """A revision of an entry as it comes to a coverage's rules."""

    entry: Entry
    at: datetime
    """When it was received; never before what the coverage saw earlier."""
    age: timedelta | None
    """How long it had been published when its entry was first received; None if its source gave no time."""
    reading: Reading
    began: datetime
    """When the coverage's first entry was received."""

    def fresh(self, limit: timedelta | None) -> bool:
        """Return whether the entry was published recently enough when it was first received."""
        return limit is None or self.age is None or self.age <= limit


class Kind(Protocol):
    """A rule that watches one coverage."""

    def see(self, seen: Seen) -> None:
        """Take up a revision; every timer that is due by then has fired."""

    def due(self) -> datetime | None:
        """Return when the next timer is due."""

    def fire(self, at: datetime) -> None:
        """Do what is due at a time."""
