"""The ledger on the embedded broker: each write awaited, the offset last.

The mock neither hides what was aborted nor fences, so a kill between the records and the offset doubles what was
written in between. Liveline says so when it starts on it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError

from streams.record import Record
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.ledger.ledger import LedgerError, RecordTooLargeError

_BOUND = 30.0  # seconds
_BATCH_OVERHEAD_BYTES = 4 * 1024  # of the batch that a record is in


class PlainLedger:
    """A producer of one partition; `commit_offset` is the consumer's own commit of the partition."""

    outlives_rebalance = False

    def __init__(
        self,
        connection: KafkaConnection,
        partition: int,
        commit_offset: Callable[[int], Awaitable[None]],
        *,
        max_message_bytes: int,
    ) -> None:
        self.max_record_bytes = max_message_bytes - _BATCH_OVERHEAD_BYTES
        self._max_message_bytes = max_message_bytes
        self._connection = connection
        self._partition = partition
        self._commit_offset = commit_offset
        self._producer: AIOKafkaProducer | None = None

    async def open(self) -> None:
        """Start the producer; there is nobody to fence."""
        self._producer = AIOKafkaProducer(
            **self._connection.aiokafka(), acks="all", linger_ms=0, max_request_size=self._max_message_bytes
        )
        try:
            async with asyncio.timeout(_BOUND):
                await self._producer.start()
        except (KafkaError, TimeoutError, OSError) as error:
            raise LedgerError(f"partition {self._partition} can't be taken over: {error!r}") from error

    async def commit(self, records: Sequence[Record], offset: int) -> None:
        """Write the records, wait for each, then move the offset."""
        if self._producer is None:
            raise LedgerError("the ledger is closed")
        try:
            async with asyncio.timeout(_BOUND):
                # 1. Records and memory. A crash here: they stand, and the documents are read again.
                sent = [
                    await self._producer.send(
                        record.topic,
                        record.value,
                        record.key,
                        partition=self._partition,
                        timestamp_ms=record.timestamp_ms,
                        headers=list(record.headers),
                    )
                    for record in records
                ]
                await asyncio.gather(*sent)
                # 2. The offset, only after all of them.
                await self._commit_offset(offset)
        except (MessageSizeTooLargeError, RecordListTooLargeError) as error:
            raise RecordTooLargeError(str(error)) from error
        except (KafkaError, TimeoutError, OSError) as error:
            raise LedgerError(f"partition {self._partition} could not commit: {error!r}") from error

    async def close(self) -> None:
        """Stop the producer."""
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                async with asyncio.timeout(_BOUND):
                    await producer.stop()
            except (KafkaError, TimeoutError, OSError):
                return
