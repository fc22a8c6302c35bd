"""Where in a generation's entries the documents from given offsets on begin; blocking."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from streams.runtime.kafka.admin import Bounds, bounds_of
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.message import Message
from streams.runtime.kafka.read_until import ReadUntil

_WINDOW: Final = 1000
_WIDER: Final = 8


def entries_from(connection: KafkaConnection, topic: str, documents: Mapping[int, int]) -> dict[int, int]:
    """Return, by partition, the offset of the first entry that a document from an offset on led to; else the end.

    Entries stand in the order of their documents; those that a clock released count with what stands before them.
    """
    return {
        partition: _first(connection, topic, partition, bound, documents.get(partition, 0))
        for partition, bound in bounds_of(connection, topic).items()
    }


def _first(connection: KafkaConnection, topic: str, partition: int, bound: Bounds, document: int) -> int:
    width = _WINDOW
    while True:  # from the end backwards: what is sought is near it, unless live was far behind
        start = max(bound.start, bound.end - width)
        found = bound.end
        before = False
        with ReadUntil(connection, topic, {partition: Bounds(start, bound.end)}) as reading:
            while not reading.done:
                for message in reading.read():
                    origin = _origin(message)
                    before = before or (origin is not None and origin < document)
                    if origin is not None and origin >= document:
                        found = min(found, message.offset())
        if before or start == bound.start:
            return found
        width *= _WIDER


def _origin(message: Message) -> int | None:
    found: dict[str, Any] = orjson.loads(message.value() or b"{}")
    origin = found.get("origin")
    return None if origin is None else int(origin["offset"])
