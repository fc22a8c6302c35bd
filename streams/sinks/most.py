"""`most`: how many messages an hour."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

HOUR: Final = timedelta(hours=1)


def room_at(now: datetime, sent: Sequence[datetime], most: int | None) -> datetime | None:
    """Return when the next message may be sent, or None for now; `sent` are times in order."""
    within = [at for at in sent if at > now - HOUR]
    if most is None or len(within) < most:
        return None
    return within[-most] + HOUR
