"""What our consumer changes in Faust's; each test fails on Faust's own class."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import faust
import pytest
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from yarl import URL

from streams.runtime.batch import Batch
from streams.runtime.faust.consumer import BatchConsumer, batch_transport
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.reads import Read

RAW = TP("liveline.raw", 0)


@dataclass
class Record:
    """A fetched record."""

    offset: int
    timestamp: int = 0
    timestamp_type: int = 0
    key: bytes = b"k"
    value: bytes = b"v"
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass
class Owned:
    """A partition at work."""

    epoch: int = 1
    batches: list[Batch] = field(default_factory=list)

    def hand_over(self, batch: Batch) -> None:
        """Take note."""
        self.batches.append(batch)


class Owns:
    """An ownership of one partition."""

    def __init__(self) -> None:
        self.owned = Owned()
        self.partitions = {RAW: self.owned}
        self.wants = True
        self.calls: list[str] = []
        self.put_back: list[Read] = []

    def wanting(self) -> dict[TP, int]:
        """Return the partition while it wants records."""
        return {RAW: self.owned.epoch} if self.wants else {}

    async def revoke(self, _: object) -> None:
        """Take note."""
        self.calls.append("revoke")

    async def assign(self, _: object, __: int) -> None:
        """Take note."""
        self.calls.append("assign")


@pytest.fixture
async def owns() -> Owns:
    """Own one partition."""
    return Owns()


@pytest.fixture
async def app(tmp_path: Any) -> faust.App:
    """Make a Faust application that connects to nothing."""
    return faust.App("test", broker="kafka://127.0.0.1:1", datadir=str(tmp_path), loghandlers=[])


@pytest.fixture
async def consumer(owns: Owns, app: faust.App) -> AsyncIterator[BatchConsumer]:
    """Make our consumer, not started, with one fetch of three records before it."""
    made_of = batch_transport(KafkaConnection("127.0.0.1:1"), lambda _: owns, session_timeout=6.0)
    transport = made_of([URL("kafka://127.0.0.1:1")], app)
    app.transport = transport
    made = app.consumer
    made.flow_active = True

    async def fetch(tps: set[TP], _: float) -> list[Read]:
        return [Read(tp, 4, 10, [Record(5), Record(6), Record(9)]) for tp in tps]

    made._thread.fetch = fetch
    made._thread.put_back = owns.put_back.append
    yield made
    made._thread.thread_loop.close()  # it never ran


async def messages(consumer: BatchConsumer) -> list[tuple[TP, Any]]:
    """Return what one call yields."""
    return [found async for found in consumer.getmany(1.0)]


async def test_a_fetch_of_a_partition_is_one_message(consumer: BatchConsumer, owns: Owns) -> None:
    """All that arrived comes as one batch of the present epoch, and the partition is told."""
    ((tp, message),) = await messages(consumer)

    assert tp == RAW
    assert [record.offset for record in message.value.records] == [5, 6, 9]
    assert (message.value.start, message.value.end) == (4, 10)
    assert message.value.epoch == owns.owned.epoch
    assert owns.owned.batches == [message.value]
    assert owns.put_back == []


async def test_what_a_partition_no_longer_wants_is_put_back(consumer: BatchConsumer, owns: Owns) -> None:
    """A fetch that was under way while the partition started again is not handed over, and is read again."""
    fetch = consumer._thread.fetch

    async def restarted(tps: set[TP], wait: float) -> list[Read]:
        found = await fetch(tps, wait)
        owns.owned.epoch += 1
        return found

    consumer._thread.fetch = restarted
    assert await messages(consumer) == []
    assert [(read.tp, read.start) for read in owns.put_back] == [(RAW, 4)]


async def test_what_arrives_while_the_flow_is_stopped_is_put_back(consumer: BatchConsumer, owns: Owns) -> None:
    """A rebalance that begins while a fetch is under way loses nothing of it."""
    fetch = consumer._thread.fetch

    async def stopped(tps: set[TP], wait: float) -> list[Read]:
        consumer.flow_active = False
        found: list[Read] = await fetch(tps, wait)
        return found

    consumer._thread.fetch = stopped
    assert await messages(consumer) == []
    assert [read.start for read in owns.put_back] == [4]


async def test_a_revoked_partition_gets_nothing(consumer: BatchConsumer, owns: Owns) -> None:
    """A fetch that was under way while the partition moved away is not handed over."""
    fetch = consumer._thread.fetch

    async def revoked(tps: set[TP], wait: float) -> list[Read]:
        found = await fetch(tps, wait)
        owns.partitions.clear()
        return found

    consumer._thread.fetch = revoked
    assert await messages(consumer) == []


async def test_nothing_is_fetched_for_partitions_that_are_busy(consumer: BatchConsumer, owns: Owns) -> None:
    """While no partition wants records the consumer waits, and a wake-up ends the wait."""
    owns.wants = False
    waiting = asyncio.create_task(messages(consumer))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    consumer._look_again.set()
    assert await waiting == []


async def test_a_worker_without_partitions_stays_in_its_group(
    consumer: BatchConsumer, owns: Owns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A standby asks for nothing now and then: aiokafka leaves the group for good with one that never asks."""
    asked: list[set[TP]] = []

    async def fetch(tps: set[TP], _: float) -> list[Read]:
        asked.append(tps)
        return []

    monkeypatch.setattr("streams.runtime.faust.consumer._IDLE", 0.01)
    consumer._thread.fetch = fetch
    owns.wants = False

    assert await messages(consumer) == []
    assert asked == [set()]


async def test_faust_commits_nothing(consumer: BatchConsumer) -> None:
    """Rows 4, 5, 7, 8 of the notes: whatever Faust thinks is acknowledged, it has no offset to commit."""
    consumer._acked[RAW].extend([0, 1, 2])

    assert consumer._new_offset(RAW) is None
    assert driver.Consumer._new_offset(consumer, RAW) == 3


async def test_a_partition_that_starts_again_is_not_taken_for_read(consumer: BatchConsumer) -> None:
    """Faust drops messages below the offset it read last; ours has no such offset, whoever sets it when."""
    consumer._read_offset[RAW] = 100

    assert consumer._read_offset[RAW] is None


async def test_seeking_is_the_take_overs_matter(consumer: BatchConsumer) -> None:
    """Row 21: Faust's seek skips a partition that has nothing committed; ours leaves seeking to the take-over."""
    sought = []

    async def seek_to_committed() -> dict[TP, int]:
        sought.append(RAW)
        return {}

    consumer._thread.seek_to_committed = seek_to_committed
    await consumer.perform_seek()
    assert sought == []
    await driver.Consumer.perform_seek(consumer)
    assert sought == [RAW]


async def test_the_consumer_reads_what_is_committed_only(consumer: BatchConsumer) -> None:
    """Faust's own reads uncommitted records unless it runs its own transactions."""
    ours = consumer._thread._create_worker_consumer(consumer.transport)

    assert ours._isolation_level == "read_committed"
    assert ours._enable_auto_commit is False
    assert ours._group_id == "test"
    await ours.stop()
