"""A plain aiokafka loop around the pure step: fetch, process, send, await, commit; no transaction, nothing loaded."""

import asyncio
import sys

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from step import steps, warm_up

from streams.topology import Names


async def main() -> None:
    """Run until killed."""
    bootstrap, names = sys.argv[1], Names(sys.argv[2])
    warm_up()
    of = steps(names)
    consumer = AIOKafkaConsumer(
        names.raw, bootstrap_servers=bootstrap, group_id=f"{names.prefix}peer", enable_auto_commit=False,
        auto_offset_reset="earliest", fetch_max_wait_ms=500,
    )  # fmt: skip
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, compression_type="zstd", linger_ms=0,
        max_batch_size=256 * 1024, max_request_size=32 * 1024 * 1024,
    )  # fmt: skip
    await consumer.start()
    await producer.start()
    while True:
        for source, found in (await consumer.getmany(timeout_ms=1000, max_records=500)).items():
            out = of(source.partition).run([(record.offset, record.value, record.headers) for record in found])
            sent = [
                await producer.send(r.topic, r.value, r.key, partition=source.partition, headers=list(r.headers))
                for r in out
            ]
            await asyncio.gather(*sent)
            await consumer.commit({source: found[-1].offset + 1})


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
