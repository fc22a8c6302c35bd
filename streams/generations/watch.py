"""What `liveline.control` says of generations, followed as it is written: for processes that go on.

Read committed. `fresh` knows all that was committed before it was called, also behind a transaction of others that is
still open: a worker that asks after it has fenced can't miss a switch.
"""

import asyncio
import time
from typing import Final, Self

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.background import end_task
from streams.exceptions import BrokerError
from streams.generations.record import Generations, Live
from streams.runtime.kafka.admin import end_of
from streams.runtime.kafka.connection import KafkaConnection
from streams.topology import Names

_POLL_MS: Final = 500
_AGAIN_SECONDS: Final = 1.0
_FRESH_SECONDS: Final = 45.0
"""A transaction that a killed process left open ends after 30 s."""

log = structlog.get_logger(__name__)


class ControlWatch:
    """Follows the records of generations; a context manager that is ready once it has read what there is."""

    def __init__(self, connection: KafkaConnection, names: Names) -> None:
        """Nothing connects before it is entered."""
        self._connection = connection
        self._place = TopicPartition(names.control, 0)
        self._generations = Generations()
        self._position = -1
        self._moved = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self.seen_at = time.monotonic()
        """When the newest record of what is live was read."""

    @property
    def live(self) -> Live:
        """Which generation is live, as far as is read."""
        return self._generations.live

    def generation(self) -> str:
        """Return the name of the generation that is live, as far as is read."""
        return self.live.generation

    async def __aenter__(self) -> Self:
        """Connect, and read what there is."""
        await self.start()
        try:
            await self.fresh()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        await self.stop()

    async def start(self) -> None:
        """Begin to follow; returns at once, whether Kafka answers or not."""
        self._following = asyncio.create_task(self._follow(), name="control-watch")

    async def stop(self) -> None:
        """Disconnect."""
        await end_task(self._following)

    async def known(self) -> str:
        """Return the generation that is live, knowing all that was committed until now; raises `BrokerError`."""
        return (await self.fresh()).generation

    async def known_live(self) -> Live:
        """Return what is live as far as is read, once anything is; raises `BrokerError`."""
        return self.live if self._position >= 0 else await self.fresh()

    async def fresh(self) -> Live:
        """Return what is live, knowing all that was committed until now; raises `BrokerError`."""
        end = await asyncio.to_thread(end_of, self._connection, self._place.topic, self._place.partition)
        try:
            async with asyncio.timeout(_FRESH_SECONDS):
                while self._position < end:
                    await self.moved()
        except TimeoutError:
            raise BrokerError(f"{self._place.topic} can't be read up to {end}: it stands at {self._position}") from None
        return self.live

    async def moved(self) -> None:
        """Return when something more is read."""
        await self._moved.wait()

    async def _follow(self) -> None:
        while True:
            try:
                await self._read()
            except (KafkaError, OSError) as error:
                log.warning("control.unread", error=repr(error))
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _read(self) -> None:
        consumer = AIOKafkaConsumer(
            **self._connection.aiokafka(),
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=_POLL_MS,
        )
        try:
            await consumer.start()
            consumer.assign([self._place])
            await consumer.seek_to_beginning(self._place)
            while True:
                polled = await consumer.getmany(timeout_ms=_POLL_MS)
                before = self.live
                for record in polled.get(self._place, ()):
                    self._generations.load(record.key, record.value)
                if self.live != before:
                    self.seen_at = time.monotonic()
                position = await consumer.position(self._place)
                if position != self._position:
                    self._position = position
                    self._moved.set()
                    self._moved = asyncio.Event()
        finally:
            await consumer.stop()
