"""Records whose headers' names are not UTF-8 are read like any others."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.producer import message_accumulator
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from aiokafka.record.memory_records import MemoryRecords

from streams.embedded import EmbeddedBroker
from streams.runtime.kafka.header_names import AnyHeaderNames

TOPIC = TopicPartition("liveline.raw", 0)


class BytesName(str):
    """A name that no `str` can hold; librdkafka writes such ones."""

    __slots__ = ()

    def encode(self, *_: Any, **__: Any) -> bytes:
        """Return the bytes."""
        return b"x-\xff\xfe"


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    """Start a broker with the topic."""
    with EmbeddedBroker() as started:
        started.create_topic(TOPIC.topic, 1)
        yield started


async def write(bootstrap: str, monkeypatch: pytest.MonkeyPatch, compression: str | None) -> None:
    """Write good records around and within a batch with such a name, which aiokafka's own C builder refuses."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, compression_type=compression) as producer:
        await producer.send_and_wait(TOPIC.topic, b"first", partition=0, headers=[("x-own", b"1")])
        with monkeypatch.context() as patch:
            patch.setattr(message_accumulator, "DefaultRecordBatchBuilder", _DefaultRecordBatchBuilderPy)
            batch = producer.create_batch()
            for value, headers in (
                (b"second", [("x-own", b"2")]),
                (b"third", [(BytesName("x"), b"3"), ("x-null", None)]),
                (b"fourth", []),
            ):
                batch.append(key=b"k", value=value, timestamp=None, headers=headers)
            await (await producer.send_batch(batch, TOPIC.topic, partition=0))
        await producer.send_and_wait(TOPIC.topic, b"last", partition=0)


async def read(bootstrap: str, count: int) -> list[Any]:
    """Return so many records."""
    found: list[Any] = []
    async with AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest",
        isolation_level="read_committed",
    ) as consumer:  # fmt: skip
        consumer.assign([TOPIC])
        while len(found) < count:
            found += (await consumer.getmany(timeout_ms=1000)).get(TOPIC, [])
    return found


@pytest.mark.parametrize("compression", [None, "zstd", "gzip"])
async def test_a_name_that_is_not_utf8_is_escaped(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch, compression: str | None
) -> None:
    """Each record is read once, in order, with its key, its value and all of its headers."""
    await write(broker.bootstrap, monkeypatch, compression)
    monkeypatch.setattr(fetcher, "MemoryRecords", AnyHeaderNames)
    records = await read(broker.bootstrap, 5)

    assert [(record.offset, record.value) for record in records] == [
        (0, b"first"), (1, b"second"), (2, b"third"), (3, b"fourth"), (4, b"last"),
    ]  # fmt: skip
    assert [tuple(record.headers) for record in records] == [
        (("x-own", b"1"),), (("x-own", b"2"),), (("x-\\xff\\xfe", b"3"), ("x-null", None)), (), (),
    ]  # fmt: skip
    assert [record.key for record in records] == [None, b"k", b"k", b"k", None]


async def test_aiokafka_alone_still_needs_it(broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once this fails, aiokafka reads such names by itself and `header_names.py` can go."""
    await write(broker.bootstrap, monkeypatch, None)
    monkeypatch.setattr(fetcher, "MemoryRecords", MemoryRecords)

    with pytest.raises(UnicodeDecodeError):
        await read(broker.bootstrap, 5)
