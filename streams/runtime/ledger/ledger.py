"""The ledger of one owned partition: a batch's records, its memory and its offset are written as one.

Two kinds with one interface: `TransactionalLedger` for real Kafka, `PlainLedger` for the embedded broker,
which has no fencing and hides nothing that was aborted.
"""

from collections.abc import Sequence
from typing import Protocol

from streams.exceptions import LivelineError
from streams.record import Record


class LedgerError(LivelineError):
    """Nothing is known to be written; the partition starts again from what is committed."""


class FencedError(LedgerError):
    """Another worker has taken the partition over; nothing was written."""


class RecordRefusedError(LedgerError):
    """The broker or the producer refuses a record for what it is; nothing was written, nor would be at a next try."""


class RecordTooLargeError(RecordRefusedError):
    """It is too large."""


class Ledger(Protocol):
    """What one partition's owner writes with."""

    outlives_rebalance: bool
    """What is known of the partition stays true as long as nobody fences: a partition that comes back to the same
    worker in a rebalance goes on where it was, without loading its memory anew."""

    max_record_bytes: int
    """The largest record that it takes for certain: key, value and headers."""

    async def open(self) -> None:
        """Shut a former owner out and end what it left open; raises `LedgerError`."""

    async def commit(self, records: Sequence[Record], offset: int) -> None:
        """Write the records and make `offset` the next to read, all or nothing; raises `LedgerError`.

        After an error the ledger is of no more use than to be closed.
        """

    async def close(self) -> None:
        """End what is open and let go; never raises, returns within a bound."""
