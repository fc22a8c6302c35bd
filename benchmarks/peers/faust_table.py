"""Idiomatic Faust around the pure step: `async for`, a table, `send`; its defaults, but for compression.

As with Quix, memory is kept in the process and each change also goes to the table (its changelog topic).
"""

import sys
import tempfile
from typing import Any

import faust
from step import headers_of, steps, warm_up

from streams.topology import Names


def main() -> None:
    """Run until killed."""
    bootstrap, names = sys.argv[1], Names(sys.argv[2])
    warm_up()
    of = steps(names)
    app = faust.App(
        f"{names.prefix}peer",
        broker=f"kafka://{bootstrap}",
        store="memory://",
        datadir=tempfile.mkdtemp(prefix="bench-faust-"),
        consumer_auto_offset_reset="earliest",
        producer_compression_type="zstd",
        topic_partitions=4,
        topic_replication_factor=1,
        web_enabled=False,
    )
    raw = app.topic(names.raw, key_serializer="raw", value_serializer="raw")
    topics = {
        name: app.topic(name, key_serializer="raw", value_serializer="raw") for name in (names.entries, names.latest)
    }
    table = app.Table("memory", partitions=4, key_type=bytes, value_type=bytes)

    @app.agent(raw)
    async def process(stream: Any) -> None:
        async for event in stream.events():
            partition = event.message.partition
            found = headers_of((event.headers or {}).items())
            for record in of(partition).run([(event.message.offset, event.value, found)]):
                if record.topic == names.memory:
                    table[record.key] = record.value
                else:
                    await topics[record.topic].send(
                        key=record.key, value=record.value, partition=partition, headers=dict(record.headers)
                    )

    faust.Worker(app, loglevel="WARN", quiet=True).execute_from_commandline()


if __name__ == "__main__":
    main()
