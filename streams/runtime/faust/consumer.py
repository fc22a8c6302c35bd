"""Faust's consumer, changed in what loses or doubles posts (`docs/faust.md`, rows 1 to 11, 21 and 22).

A fetch's records of a partition are one message; acknowledgement and commit are the ledger's; each partition is read
only while it is owned, one batch at a time; read committed.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any, TypeVar, cast

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage
from mode.threads import WorkerThread

from streams.runtime.batch import Batch
from streams.runtime.broker import heartbeat_seconds
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.reads import Progress, Read, Reads
from streams.runtime.partition.owned import Start
from streams.runtime.partition.ownership import Ownership

T = TypeVar("T")

# A broker that has just restarted may know no topics yet; the group's leader then assigns nothing to anybody, and only
# a later look at the topics lets it assign again. aiokafka looks every five minutes.
_METADATA_MS = 3_000
_IDLE = 1.0  # seconds between two looks whether any partition wants records
_REST_AFTER_SECONDS = 3.0
_ENDED_SECONDS = 0.02  # between two looks whether the consumer's thread has ended


class _NoReadOffsets(dict[TP, int | None]):
    """Faust drops a message below the offset it read last, which a partition that starts again must get.

    It also sets that offset after the callback returned, so it can't be reset from outside. The owned partition knows
    its position; Faust's never counts.
    """

    def __missing__(self, _: TP) -> None:
        return None

    def __setitem__(self, _: TP, __: int | None) -> None:
        return


class _Thread(WorkerThread):
    """Nobody waits for it but `ConsumerThread.stop`, and a process that ends does not wait for it either."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.daemon = True

    def stop(self) -> None:
        """Return at once: Faust calls this in the loop for which the thread may be waiting."""


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread in which aiokafka's consumer lives, so that heartbeats go on while a batch is in work."""

    Worker = _Thread
    connection: KafkaConnection
    session_timeout: float
    fetch_wait_ms: int
    resting_wait_ms: int | None
    _arrived_at = 0.0

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:  # noqa: ARG002  (Faust's signature)
        """Return our own consumer: Faust's reads uncommitted records and waits up to 1.5 s for a fetch to fill."""
        self._assignor = RoundRobinPartitionAssignor
        consumer = AIOKafkaConsumer(
            **self.connection.aiokafka(),
            group_id=self.app.conf.id,
            partition_assignment_strategy=[RoundRobinPartitionAssignor],
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=int(self.session_timeout * 1000),
            heartbeat_interval_ms=int(heartbeat_seconds(self.session_timeout) * 1000),
            rebalance_timeout_ms=int(max(self.session_timeout, 10) * 1000),
            max_poll_interval_ms=int(self.app.conf.broker_max_poll_interval * 1000),
            fetch_max_wait_ms=self.fetch_wait_ms,
            metadata_max_age_ms=_METADATA_MS,
        )
        self._reads = Reads(consumer)
        return consumer

    async def on_start(self) -> None:
        """Make the wake-up signal in the thread's own loop, before the consumer starts."""
        self._wake = asyncio.Event()
        await super().on_start()

    async def stop(self) -> None:
        """Leave the group, and return when the thread has ended."""
        await super().stop()
        while self._thread is not None and self._thread.is_alive():  # noqa: ASYNC110  (a thread's end sets no event)
            await asyncio.sleep(_ENDED_SECONDS)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Have the worker let go, unless it stops: then nobody in its loop answers (`docs/faust.md`, row 22)."""
        await self.wait(super().on_partitions_revoked(revoked))

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Have the worker take over, unless it stops."""
        await self.wait(super().on_partitions_assigned(assigned, generation_id))

    def wake(self) -> None:
        """End a fetch that waits, from any thread: another partition wants records now."""
        if self.thread_loop.is_running():
            self.thread_loop.call_soon_threadsafe(self._wake.set)

    async def fetch(self, tps: set[TP], wait: float) -> list[Read]:
        """Return what has arrived for these partitions, or nothing after `wait` seconds or a wake-up."""
        return await self._here(self._fetch(tps, wait))

    async def _fetch(self, tps: set[TP], wait: float) -> list[Read]:
        self._ensure_consumer()
        reads = await self._reads.fetch(tps, wait, self._wake) if self.consumer.flow_active else []
        if self.resting_wait_ms is not None:
            self._pace(self.resting_wait_ms, arrived=bool(reads))
        return reads

    def _pace(self, resting_wait_ms: int, *, arrived: bool) -> None:
        """Ask an embedded broker less often while nothing comes: a hundred fetches a second took 7 % of a core."""
        now = self.thread_loop.time()
        if arrived:
            self._arrived_at = now
        resting = now - self._arrived_at > _REST_AFTER_SECONDS
        fetcher = self._ensure_consumer()._fetcher  # noqa: SLF001  (each of its requests looks at it anew)
        fetcher._fetch_max_wait_ms = resting_wait_ms if resting else self.fetch_wait_ms  # noqa: SLF001

    def put_back(self, read: Read) -> None:
        """Fetch this again, from any thread; done before any fetch that is asked for later."""
        if self.thread_loop.is_running():
            self.thread_loop.call_soon_threadsafe(self._reads.put_back, read)

    async def seek_to(self, tp: TP, offset: int) -> None:
        """Fetch from this offset next."""

        async def seek() -> None:
            self._ensure_consumer()
            self._reads.seek(tp, offset)

        await self._here(seek())

    async def start_offset(self, tp: TP) -> Start:
        """Return where the partition begins and what is committed of it."""

        async def find() -> Start:
            consumer, source = self._ensure_consumer(), TopicPartition(tp.topic, tp.partition)
            committed = await consumer.committed(source)
            return Start((await consumer.beginning_offsets([source]))[source], committed)

        return await self._here(find())

    async def commit_offset(self, tp: TP, offset: int) -> None:
        """Commit as a member of the group: for the embedded broker's ledger."""

        async def commit() -> None:
            await self._ensure_consumer().commit({TopicPartition(tp.topic, tp.partition): offset})

        await self._here(commit())

    async def progress(self, tp: TP) -> Progress | None:
        """Return how far the partition is read, or None before its first fetch."""

        async def find() -> Progress | None:
            self._ensure_consumer()
            return self._reads.progress(tp)

        return await self._here(find())

    async def _here(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it in the consumer's own loop; Faust's queue of two workers would let one slow call hold up all."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.thread_loop))


class BatchConsumer(driver.Consumer):
    """Hands over what a fetch brought for a partition as one message, and commits nothing itself."""

    ownership: Ownership[Any]
    new_thread: Callable[..., ConsumerThread]
    _thread: ConsumerThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_offset = _NoReadOffsets()
        self._look_again = asyncio.Event()

    def _new_consumer_thread(self) -> ConsumerThread:
        return type(self).new_thread(self, loop=self.loop, beacon=self.beacon)

    # -- what a partition's owner needs (`Feed`)

    async def start_offset(self, tp: TP) -> Start:
        """Return where the partition begins and what is committed of it."""
        return await self._thread.start_offset(tp)

    async def seek(self, tp: TP, offset: int) -> None:
        """Fetch from this offset next."""
        await self._thread.seek_to(tp, offset)

    async def commit_offset(self, tp: TP, offset: int) -> None:
        """Commit an offset as a member of the group."""
        await self._thread.commit_offset(tp, offset)

    async def progress(self, tp: TP) -> Progress | None:
        """Return how far the partition is read, or None before its first fetch."""
        return await self._thread.progress(tp)

    def wake(self) -> None:
        """Look again which partitions want records."""
        self._look_again.set()
        self._thread.wake()

    # -- fetching

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109
        """Yield one message a partition: all that has arrived for it."""
        if not self.flow_active:
            await self.wait(self.can_resume_flow.wait())
        self._look_again.clear()
        wanting = self.ownership.wanting()
        if not wanting:
            try:
                async with asyncio.timeout(_IDLE):
                    await self._look_again.wait()
            except TimeoutError:
                await self._thread.fetch(set(), 0.0)  # a worker without partitions is alive: it stays in the group
            return
        for read in await self._thread.fetch(set(wanting), timeout):
            tp, owned = read.tp, self.ownership.partitions.get(read.tp)
            # Revoked or started again while the fetch was under way. It may have been read after the new start's seek:
            # what is dropped is put back.
            if owned is None or owned.epoch != wanting.get(tp) or not self.flow_active:
                self._thread.put_back(read)
                continue
            batch = Batch(tp, owned.epoch, read.records, read.start, read.end)
            owned.hand_over(batch)
            last = read.records[-1]
            yield (
                tp,
                ConsumerMessage(
                    tp.topic, tp.partition, last.offset, last.timestamp / 1000, last.timestamp_type, None, None,
                    cast("bytes", batch),  # the topic's serializer hands it on untouched
                    None, 0, 0, tp, generation_id=self.app.consumer_generation_id,
                ),
            )  # fmt: skip

    async def perform_seek(self) -> None:
        """Do nothing: each partition's take-over seeks, also those that have nothing committed (row 21)."""

    # -- committing: none of Faust's

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Keep no account of gaps: nothing is acknowledged."""

    def _new_offset(self, tp: TP) -> None:
        """Have nothing to commit: the ledger has."""

    # -- rebalances

    async def on_partitions_revoked(self, revoked: Iterable[TP]) -> None:
        """Stop Faust's flow, then bring our own work to an end before the group moves on."""
        tps = {TP(*tp) for tp in revoked}
        await super().on_partitions_revoked(tps)
        await self.ownership.revoke(tps)

    async def on_partitions_assigned(self, assigned: Iterable[TP], generation_id: int = 0) -> None:
        """Let each partition make itself ready in its own time, while Faust resumes its flow."""
        tps = {TP(*tp) for tp in assigned}
        await super().on_partitions_assigned(tps, generation_id)
        await self.ownership.assign(tps, generation_id)


def batch_transport(
    connection: KafkaConnection,
    ownership: Callable[[BatchConsumer], Ownership[Any]],
    *,
    session_timeout: float,
    fetch_wait_ms: int = 500,
    resting_wait_ms: int | None = None,
) -> type[driver.Transport]:
    """Return a Faust transport whose consumer hands over batches.

    `session_timeout` in seconds; `fetch_wait_ms` is how long a broker may keep a fetch that finds nothing, and
    `resting_wait_ms` the same once nothing has come for some seconds.
    """

    class Thread(ConsumerThread):
        pass

    Thread.connection, Thread.session_timeout = connection, session_timeout
    Thread.fetch_wait_ms, Thread.resting_wait_ms = fetch_wait_ms, resting_wait_ms

    class Consumer(BatchConsumer):
        new_thread = Thread

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.ownership = ownership(self)

    class Transport(driver.Transport):
        pass

    Transport.Consumer = Consumer
    return Transport
