"""The ledger on the broker in memory."""

from collections.abc import Awaitable, Callable, Sequence

from faust.types import TP

from streams.record import Record
from streams.runtime.ledger.ledger import LedgerError
from streams.testing.broker import FakeBroker
from streams.topology import MAX_MESSAGE_BYTES


class FakeLedger:
    """What `TransactionalLedger` does, step by step, without a network."""

    outlives_rebalance = True
    max_record_bytes = MAX_MESSAGE_BYTES

    def __init__(
        self,
        broker: FakeBroker,
        transactional_id: str,
        group: str,
        source: TP,
        *,
        at_step: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self._broker = broker
        self._id = transactional_id
        self._group = group
        self._source = source
        self._at_step = at_step
        self._epoch: int | None = None

    async def open(self) -> None:
        """Fence and end what was open."""
        self._epoch = self._broker.open(self._id)

    async def commit(self, records: Sequence[Record], offset: int) -> None:
        """Write the records and the offset, all or nothing."""
        if (epoch := self._epoch) is None:
            raise LedgerError("the ledger is closed")
        broker, source = self._broker, self._source
        await self._step("begin")
        broker.begin(self._id, epoch)
        for record in records:
            broker.send(self._id, epoch, source.partition, record)
        await self._step("sent")
        broker.send_offset(
            self._id, epoch, group=self._group, topic=source.topic, partition=source.partition, offset=offset
        )
        await self._step("offset")
        broker.commit(self._id, epoch)
        await self._step("committed")

    async def close(self) -> None:
        """Abort what is open, if it is still ours to abort."""
        epoch, self._epoch = self._epoch, None
        if epoch is not None:
            try:
                self._broker.abort(self._id, epoch)
            except LedgerError:
                return

    async def _step(self, name: str) -> None:
        if self._at_step is not None:
            await self._at_step(name)
