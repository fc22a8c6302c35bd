"""A revision of an alert at a sink that is not over: the plan's input."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.alert import Alert, AlertChange, Insistence
from streams.archive.state import SinkStatus

GATHER: Final = timedelta(milliseconds=150)
"""How long a revision waits for others of the same entry: what the rules say of one entry is one transaction."""
HELD: Final = frozenset({SinkStatus.QUIET, SinkStatus.DIGEST, SinkStatus.MOST})
"""Kept back by the sink itself."""
WAITS: Final = (SinkStatus.PENDING, *sorted(HELD))
"""Not over and not being sent."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An alert revision that is to be told, or kept back, or being told."""

    seq: int
    """The order in which revisions came to the sink."""
    alert: Alert
    gathers: str
    status: SinkStatus
    due: datetime
    insists: Insistence | None = None
    attempt: int = 0
    message: str | None = None
    """The message that it belongs to, once it was tried."""

    @property
    def withdraws(self) -> bool:
        """Whether it takes back what was told."""
        return self.alert.change is AlertChange.WITHDRAWN

    @property
    def held(self) -> bool:
        """Whether the sink keeps it back, or kept it until now."""
        return self.status in HELD

    def is_late(self, now: datetime, late: timedelta) -> bool:
        """Return whether it is too old to be told; the time for which the sink itself kept it back does not count."""
        return now - (self.due if self.held else self.alert.at) > late


def gathers(alert: Alert) -> str:
    """Return what has the same for the revisions that are told as one message: an entry's revision and the time."""
    if alert.entry is None:
        return f"{alert.alert_id}:{alert.revision}"
    return f"{alert.entry.entry_id}:{alert.entry.revision}@{alert.at.isoformat()}"
