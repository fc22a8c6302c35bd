"""Pushing documents to a real gateway with a real Kafka behind it."""

import asyncio
import gzip
from pathlib import Path

import pytest
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OutOfOrderSequenceNumber
from gateway_harness import Bench, a_bench

from schemas import Document
from schemas.envelope import read_document
from streams.ingest import DocumentProducer, KafkaUnavailable, Stored

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka
POST = b'{"id": "p1", "headline": "Fire"}'


async def raw(bench: Bench) -> list[tuple[int, bytes, dict[str, str], bytes]]:
    """Return what stands on the raw topic: partition, key, headers, value."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bench.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        assigned = [TopicPartition(bench.names.raw, p) for p in range(bench.partitions)]
        consumer.assign(assigned)
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(assigned)
        found = []
        while any([await consumer.position(each) < ends[each] for each in assigned]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [(r.partition, r.key, {n: v.decode() for n, v in r.headers}, r.value) for r in records]
        return found
    finally:
        await consumer.stop()


async def test_a_pushed_document_is_accepted_once_kafka_has_it(bench: Bench) -> None:
    """202 names where the document stands; its bytes are untouched and its headers make it a document again."""
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = await bench.push(
        "evening-post", gzip.compress(POST), Content_Encoding="gzip", traceparent=trace, Liveline_Url="https://x.test/1"
    )

    assert answer.status == 202
    told = await answer.json()
    ((partition, key, headers, value),) = await raw(bench)
    assert (value, key, partition) == (POST, b"harbour-fire", told["partition"])
    document = read_document([(n, v.encode()) for n, v in headers.items()], value, bench.config().clock())
    assert (document.id, document.coverage_id, document.source_id) == (told["id"], "harbour-fire", "evening-post")
    assert (document.traceparent, document.url, told["offset"]) == (trace, "https://x.test/1", 0)


async def test_a_repeated_push_is_stored_once(bench: Bench) -> None:
    """The same key and body give the same answer, also at once; another body under the key is refused."""
    answers = await asyncio.gather(*(bench.push("evening-post", POST, Idempotency_Key="k-1") for _ in range(5)))
    bodies = [await answer.json() for answer in answers]
    other = await bench.push("evening-post", b'{"headline": "other"}', Idempotency_Key="k-1")
    elsewhere = await bench.push("radio-quay", POST, Idempotency_Key="k-1")

    assert [answer.status for answer in answers] == [202] * 5
    assert all(body == bodies[0] for body in bodies)
    assert other.status == 422
    assert elsewhere.status == 202
    assert (await elsewhere.json())["id"] != bodies[0]["id"]
    assert len(await raw(bench)) == 2


async def test_a_producer_that_can_send_no_more_is_replaced(bench: Bench) -> None:
    """An idempotent producer that lost its sequence refuses all that follows; one document is refused, not all."""
    document = read_document([("ce_id", b"1"), ("ce_source", b"s"), ("ce_subject", b"c")], POST, bench.config().clock())
    producer = DocumentProducer(bench.config().kafka, bench.names.raw, log=structlog.get_logger())
    await producer.start()
    try:
        first = await sent(producer, document)
        assert producer._producer is not None
        producer._producer._message_accumulator.fail_all(OutOfOrderSequenceNumber())
        with pytest.raises(KafkaUnavailable, match="OutOfOrderSequenceNumber"):
            await producer.send(document)
        second = await sent(producer, document)
    finally:
        await producer.stop()

    assert second.offset == first.offset + 1


async def sent(producer: DocumentProducer, document: Document) -> Stored:
    """Send until it is taken."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await producer.send(document)
            except KafkaUnavailable:
                await asyncio.sleep(0.1)


async def test_nothing_is_accepted_while_kafka_is_down(own_kafka: RealKafka, tmp_path: Path) -> None:
    """503 with Retry-After within the bound; the same key is stored once Kafka is back, and readiness tells."""
    async with a_bench(own_kafka.bootstrap, tmp_path, push_deadline=2.0, kafka_silence=2.0) as bench:
        await bench.ready()
        assert (await bench.push("evening-post", POST, Idempotency_Key="k-1")).status == 202
        await asyncio.to_thread(own_kafka.kill)
        down = await bench.push("evening-post", POST, Idempotency_Key="k-2")
        not_ready = await bench.until("/readyz", 503)
        alive = await bench.get("/healthz")
        await asyncio.to_thread(own_kafka.start)
        async with asyncio.timeout(60):
            while (again := await bench.push("evening-post", POST, Idempotency_Key="k-2")).status != 202:
                await asyncio.sleep(0.3)
        await bench.ready()

    assert (down.status, down.content_type) == (503, "application/problem+json")
    assert int(down.headers["Retry-After"]) > 0
    assert (not_ready.status, alive.status, again.status) == (503, 200, 202)
