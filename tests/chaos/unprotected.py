"""The worker with one protection taken out: what the ledger test must notice."""

import os
from collections.abc import Callable, Sequence
from typing import Any, Final

from aiokafka import AIOKafkaConsumer

from streams.agents.entries import EntriesAgent
from streams.agents.work import Work
from streams.record import Record
from streams.runtime.faust.consumer import ConsumerThread
from streams.runtime.kafka import read_to_end
from streams.runtime.ledger import transactional as transactional_ledger
from streams.runtime.partition.owned import OwnedPartition

_LONG_FETCH_SECONDS: Final = 60.0


def without_fencing() -> None:
    """Give each process a transactional id of its own: a stalled owner is not shut out."""
    made = transactional_ledger.TransactionalLedger.__init__

    def make(self: Any, connection: Any, transactional_id: str, *args: Any, **kwargs: Any) -> None:
        made(self, connection, f"{transactional_id}-{os.getpid()}", *args, **kwargs)

    transactional_ledger.TransactionalLedger.__init__ = make  # type: ignore[method-assign]


def without_offsets_in_the_transaction() -> None:
    """Commit the offset by itself, before the records: a crash in between loses them."""
    ledger = transactional_ledger.TransactionalLedger
    commit = ledger.commit

    async def alone(self: Any, records: Sequence[Record], offset: int) -> None:
        at_step, self._at_step = self._at_step, None
        await commit(self, (), offset)
        self._at_step = at_step
        await commit(self, records, offset)

    ledger.commit = alone  # type: ignore[method-assign]


def without_waiting_for_the_commit() -> None:
    """Take what a batch changes into memory before it is committed, and keep it when it fails: thought published."""
    commit = EntriesAgent._commit

    async def early(self: EntriesAgent, owned: OwnedPartition[Any], ledger: Any, work: Work, raw: Any) -> None:
        owned.memory.apply(work.draft)
        await commit(self, owned, ledger, work, raw)

    EntriesAgent._commit = early  # type: ignore[method-assign]
    fence = OwnedPartition._fence_and_load

    async def fence_and_keep(self: OwnedPartition[Any]) -> None:
        known = self._memory
        again = self.position > 0
        await fence(self)
        if again:
            self._memory = known

    OwnedPartition._fence_and_load = fence_and_keep  # type: ignore[method-assign]


def without_read_committed() -> None:
    """Load the memory with what was aborted in it: what was never published is then thought published."""
    consumer = AIOKafkaConsumer

    def uncommitted(*args: Any, **kwargs: Any) -> AIOKafkaConsumer:
        return consumer(*args, **{**kwargs, "isolation_level": "read_uncommitted"})

    read_to_end.AIOKafkaConsumer = uncommitted  # type: ignore[attr-defined]


def without_putting_back() -> None:
    """Let the consumer drop what it read for an owner that has started again; only the owner notices the gap.

    A fetch that is under way outlasts a rebalance again: aiokafka's own does not count the time that one takes.
    """
    ConsumerThread.put_back = lambda _, __: None  # type: ignore[method-assign, assignment, misc]
    fetch = ConsumerThread.fetch

    async def patient(self: Any, tps: Any, wait: float) -> Any:
        return await fetch(self, tps, _LONG_FETCH_SECONDS if tps else wait)

    ConsumerThread.fetch = patient  # type: ignore[method-assign]


def without_continuity() -> None:
    """Besides, let an owner take a batch wherever it begins: what was dropped is skipped."""
    without_putting_back()
    turn = OwnedPartition.turn

    def anywhere(self: Any, batch: Any) -> Any:
        if batch is not None:
            self._read_to = batch.start
        return turn(self, batch)

    OwnedPartition.turn = anywhere  # type: ignore[method-assign]


PROTECTIONS: Final[dict[str, Callable[[], None]]] = {
    "fencing": without_fencing,
    "offsets": without_offsets_in_the_transaction,
    "order": without_waiting_for_the_commit,
    "read-committed": without_read_committed,
    "put-back": without_putting_back,
    "continuity": without_continuity,
}
