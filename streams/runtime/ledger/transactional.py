"""The ledger on real Kafka: a transaction of a producer whose id is the partition's, so it has one living owner."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import structlog
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    IllegalOperation,
    InvalidProducerEpoch,
    InvalidTimestampError,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerFenced,
    RecordListTooLargeError,
)
from aiokafka.producer import sender
from aiokafka.producer.message_accumulator import BatchBuilder

from streams.record import Record
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.ledger.ledger import FencedError, LedgerError, RecordRefusedError, RecordTooLargeError
from streams.topology import MAX_MESSAGE_BYTES

_MAX_REQUEST = 32 * 1024 * 1024  # before compression; the topics' own limit counts after it
_BATCH_OVERHEAD_BYTES = 16 * 1024  # of the batch that a record is in, and of text that can't be compressed
_CLOSING = 5.0  # seconds
# The broker ends a transaction some milliseconds after it has said so, and until then refuses the partition's next one;
# aiokafka asks again after 20 ms, which at a post at a time was most of the delay (67 to 87 % of transactions waited).
_ASK_AGAIN = 0.004  # seconds
# AssertionError: aiokafka asserts that its states follow each other, which they don't after an error of its sender.
_UNUSABLE = (KafkaError, IllegalOperation, TimeoutError, OSError, AssertionError)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a transaction may take, in seconds."""

    transaction: float = 30.0
    """The broker itself ends a transaction after this; the ledger gives up at the same time."""


class TransactionalLedger:
    """A transactional producer of one partition.

    Its `transactional_id` is the application's and the partition's: whoever starts a producer with that id fences the
    one before, so of a stalled, a cut off and a new owner only the new one can commit.
    """

    outlives_rebalance = True
    max_record_bytes = MAX_MESSAGE_BYTES - _BATCH_OVERHEAD_BYTES

    def __init__(
        self,
        connection: KafkaConnection,
        transactional_id: str,
        group: str,
        source: TopicPartition,
        *,
        timeouts: Timeouts | None = None,
        at_step: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self._transactional_id = transactional_id
        self._group = group
        self._source = source
        self._timeouts = timeouts or Timeouts()
        self._at_step = at_step
        self._connection = connection
        self._producer: AIOKafkaProducer | None = None

    async def open(self) -> None:
        """Fence a former owner and end its open transaction; returns when the broker has done both."""
        producer = AIOKafkaProducer(
            **self._connection.aiokafka(),
            transactional_id=self._transactional_id,
            transaction_timeout_ms=int(self._timeouts.transaction * 1000),
            request_timeout_ms=int(self._timeouts.transaction * 1000),
            acks="all",
            compression_type="zstd",
            linger_ms=0,
            max_batch_size=256 * 1024,
            max_request_size=_MAX_REQUEST,
        )
        self._producer = producer
        sender.BACKOFF_OVERRIDE = _ASK_AGAIN  # no parameter sets it
        try:
            async with asyncio.timeout(self._timeouts.transaction):
                await producer.start()
        except (KafkaError, TimeoutError, OSError) as error:
            raise LedgerError(f"partition {self._source.partition} can't be taken over: {error!r}") from error

    async def commit(self, records: Sequence[Record], offset: int) -> None:
        """Write all in one transaction; what a crash means is said at each step."""
        producer = self._producer
        if producer is None:
            raise LedgerError("the ledger is closed")
        try:
            async with asyncio.timeout(self._timeouts.transaction):
                # 1. Begin. A crash here: nothing was written.
                await self._step("begin")
                await producer.begin_transaction()
                # 2. Send and await every record. A crash here: the broker ends the transaction as aborted, when the
                #    next owner opens its ledger or after the transaction's time; nobody reads what it wrote.
                await self._write(producer, records)
                await self._step("sent")
                # 3. The offset joins the transaction: it moves if and only if the records stand.
                await producer.send_offsets_to_transaction({self._source: offset}, self._group)
                await self._step("offset")
                # 4. Commit. A crash before the broker has it: as in 2. After it: all stands, and the next owner
                #    loads it and goes on at `offset`. In doubt, the next owner's opening waits for the answer.
                await producer.commit_transaction()
                await self._step("committed")
        except (ProducerFenced, InvalidProducerEpoch) as error:
            raise FencedError(f"partition {self._source.partition} has another owner") from error
        except (MessageSizeTooLargeError, RecordListTooLargeError) as error:
            raise RecordTooLargeError(str(error)) from error
        except InvalidTimestampError as error:
            raise RecordRefusedError(f"Kafka refuses the time of a record: {error}") from error
        except _UNUSABLE as error:
            raise LedgerError(f"partition {self._source.partition} could not commit: {error!r}") from error

    async def close(self) -> None:
        """Abort what is open and stop the producer, within a bound: fencing makes either a courtesy."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        transactions = producer._txn_manager  # noqa: SLF001  (no public way to ask whether one is open)
        try:
            async with asyncio.timeout(_CLOSING):
                if transactions.is_in_transaction() and not transactions.is_fatal_error():
                    await producer.abort_transaction()
        except _UNUSABLE as error:
            log.debug("ledger.transaction_left", partition=self._source.partition, error=repr(error))
        try:
            async with asyncio.timeout(_CLOSING):
                await producer.stop()
        except (KafkaError, TimeoutError, OSError) as error:
            log.debug("ledger.producer_not_stopped", partition=self._source.partition, error=repr(error))
            # A fenced producer's `stop` raises what its sender died of before it comes to its connections.
            with contextlib.suppress(KafkaError, TimeoutError, OSError):
                async with asyncio.timeout(_CLOSING):
                    await producer.client.close()

    async def _write(self, producer: AIOKafkaProducer, records: Sequence[Record]) -> None:
        """Write the records, each topic's in their order, and return when the broker has all of them."""
        by_topic: dict[str, list[Record]] = {}
        for record in records:
            by_topic.setdefault(record.topic, []).append(record)
        topics = [self._write_topic(producer, topic, those) for topic, those in by_topic.items()]
        _raise_first(await asyncio.gather(*topics, return_exceptions=True))

    async def _write_topic(self, producer: AIOKafkaProducer, topic: str, records: Sequence[Record]) -> None:
        """Write in batches of our own: a `send` for each record costs twice as much, most of it for its future."""
        sent = []
        batch = producer.create_batch()
        for record in records:
            if len(record.key) + len(record.value or b"") > _MAX_REQUEST:
                raise MessageSizeTooLargeError(f"a record for {topic} has more than {_MAX_REQUEST:,} bytes")
            if not _append(batch, record):  # full; an empty one takes a record of any size
                sent.append(await producer.send_batch(batch, topic, partition=self._source.partition))
                batch = producer.create_batch()
                _append(batch, record)
        sent.append(await producer.send_batch(batch, topic, partition=self._source.partition))
        _raise_first(await asyncio.gather(*sent, return_exceptions=True))

    async def _step(self, name: str) -> None:
        """Tell a test that kills at the worst moment where the transaction is."""
        if self._at_step is not None:
            await self._at_step(name)


def _append(batch: BatchBuilder, record: Record) -> bool:
    appended = batch.append(
        timestamp=record.timestamp_ms, key=record.key, value=record.value, headers=list(record.headers)
    )
    return appended is not None


def _raise_first(results: Iterable[object]) -> None:
    for result in results:
        if isinstance(result, BaseException):
            raise result
