"""Quix Streams with state around the pure step, as its documentation writes an application.

Memory is kept in the process and each change also goes to the state (RocksDB and its changelog topic). Quix reads no
state back here: a coverage's whole memory, decoded for each message, would cost it many times more.
"""

import os
import sys
import tempfile
from typing import Any

from quixstreams import Application, State, message_context
from quixstreams.models import Serializer, TopicConfig
from step import headers_of, steps, warm_up

from streams.record import Record
from streams.topology import Names


class Value(Serializer):
    """Hands on the bytes that a record already has."""

    def __call__(self, value: Record, ctx: Any) -> bytes:  # noqa: ARG002  (Quix's signature)
        """Return them."""
        return value.value or b""


def main() -> None:
    """Run until killed."""
    bootstrap, names = sys.argv[1], Names(sys.argv[2])
    warm_up()
    of = steps(names)
    app = Application(
        broker_address=bootstrap,
        consumer_group=f"{names.prefix}peer",
        auto_offset_reset="earliest",
        state_dir=tempfile.mkdtemp(prefix="bench-quix-"),
        processing_guarantee=os.environ.get("QUIX_GUARANTEE", "at-least-once"),  # type: ignore[arg-type]
        producer_extra_config={"compression.type": "zstd"},
        loglevel="WARNING",
    )
    config = TopicConfig(num_partitions=4, replication_factor=1)
    raw = app.topic(names.raw, value_deserializer="bytes", key_deserializer="bytes", config=config)
    entries, latest = (
        app.topic(name, value_serializer=Value(), key_serializer="bytes", config=config)
        for name in (names.entries, names.latest)
    )

    def process(value: bytes, _: Any, __: int, headers: Any, state: State) -> list[Record]:
        at = message_context()
        out = of(at.partition).run([(at.offset, value, headers_of(headers))])
        for record in out:
            if record.topic == names.memory:
                state.set_bytes(record.key.decode(), record.value or b"")
        return [record for record in out if record.topic == names.entries]

    frame = app.dataframe(raw).apply(process, stateful=True, expand=True, metadata=True)
    frame = frame.set_headers(lambda record, *_: list(record.headers))
    frame.to_topic(entries, key=lambda record: record.key)
    frame.to_topic(latest, key=lambda record: record.key)
    app.run()


if __name__ == "__main__":
    main()
