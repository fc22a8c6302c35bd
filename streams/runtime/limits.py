"""What a transaction may hold, for every agent."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

MOST_AHEAD: Final = timedelta(minutes=30)
"""Of a record's time, before the worker's clock: Kafka refuses an hour ahead of its own, and the two may differ."""


@dataclass(frozen=True, slots=True)
class TransactionLimits:
    """How much goes into one transaction."""

    records: int = 500
    bytes: int = 4 * 1024 * 1024
