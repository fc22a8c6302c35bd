"""The one producer of raw documents: each goes to its coverage's partition and counts once Kafka has it."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from schemas.document import Document
from schemas.envelope import document_headers
from streams.background import end_task
from streams.exceptions import BrokerError
from streams.ingest.unavailable import KafkaUnavailable
from streams.topology import MAX_MESSAGE_BYTES

_RETRY_START = 1.0


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a document stands on `liveline.raw`."""

    partition: int
    offset: int


class DocumentProducer:
    """Sends documents; `acks=all` and idempotent, so that a retry inside the client neither loses nor doubles one.

    The key is the coverage id and aiokafka's default partitioner is the Java client's murmur2, so a coverage meets
    in one partition whoever produces it.
    """

    def __init__(
        self, kafka: Mapping[str, Any], topic: str, *, deadline: float = 10.0, log: structlog.stdlib.BoundLogger
    ) -> None:
        """Take aiokafka's connection arguments; nothing connects before `start`."""
        self._kafka = dict(kafka)
        self._topic = topic
        self._deadline = deadline
        self._log = log
        self._producer: AIOKafkaProducer | None = None
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect, again and again until it succeeds; returns at once, so that a server can come up."""
        self._starting = asyncio.create_task(self._connect(), name="document-producer-connect")

    async def stop(self) -> None:
        """Send what is under way and disconnect."""
        await end_task(self._starting)
        self._starting = None
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await self._end(producer)

    async def send(self, document: Document) -> Stored:
        """Return where the document stands once all in-sync replicas have it.

        Raises `KafkaUnavailable` when that takes longer than the deadline, `BrokerError` when Kafka refuses it.
        """
        producer = self._producer
        if producer is None:
            raise KafkaUnavailable("Kafka is not connected; the document was not stored, send it again")
        try:
            # The deadline covers what aiokafka's own timeouts don't: waiting for metadata of a broker that is gone.
            # Not `wait_for`: up to Python 3.11 it swallows a cancellation that comes with the answer.
            async with asyncio.timeout(self._deadline):
                metadata = await producer.send_and_wait(
                    self._topic,
                    document.body,
                    key=document.coverage_id.encode(),
                    headers=list(document_headers(document)),
                    timestamp_ms=_time_of(document),
                )
        except MessageSizeTooLargeError as error:
            raise BrokerError(f"Kafka takes no document of {len(document.body):,} bytes: {error}") from error
        except (TimeoutError, KafkaError) as error:
            if isinstance(error, KafkaError) and not (error.retriable or isinstance(error, KafkaTimeoutError)):
                self._renew(producer)
            why = f"{type(error).__name__}: {error}".rstrip(": ")
            raise KafkaUnavailable(f"Kafka did not take the document within {self._deadline:g} s ({why})") from error
        return Stored(metadata.partition, metadata.offset)

    def _renew(self, failed: AIOKafkaProducer) -> None:
        """Begin anew: after an error such as OutOfOrderSequenceNumber, aiokafka's producer never sends again."""
        if self._producer is failed:
            self._producer = None
            self._log.warning("producer.reconnecting", topic=self._topic)
            self._starting = asyncio.create_task(self._replace(failed), name="document-producer-replace")

    async def _replace(self, failed: AIOKafkaProducer) -> None:
        await self._end(failed)
        await self._connect()

    async def _end(self, producer: AIOKafkaProducer) -> None:
        # It flushes first, and an idempotent one never gives a batch up: without Kafka it would wait for ever.
        with contextlib.suppress(TimeoutError, KafkaError):
            async with asyncio.timeout(self._deadline):
                await producer.stop()

    async def _connect(self) -> None:
        while True:
            producer = AIOKafkaProducer(
                **self._kafka,
                acks="all",
                enable_idempotence=True,
                compression_type="zstd",
                max_request_size=MAX_MESSAGE_BYTES,
                request_timeout_ms=int(self._deadline * 1000),
            )
            try:
                await producer.start()
            except (KafkaError, OSError) as error:
                await producer.stop()
                self._log.warning("producer.unreachable", error=str(error), topic=self._topic)
                await asyncio.sleep(_RETRY_START)
            except asyncio.CancelledError:
                await producer.stop()
                raise
            else:
                self._producer = producer
                return


def _time_of(document: Document) -> int:
    """Return the timestamp of a document's record: when it was received, moved into the range that Kafka accepts."""
    return max(0, int(min(document.received_at.timestamp(), time.time()) * 1000))
