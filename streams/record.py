"""A record on its way to a topic."""

from dataclasses import dataclass

from schemas.envelope import Headers


@dataclass(frozen=True, slots=True)
class Record:
    """What is written, without the partition: that is the one its document came from."""

    topic: str
    key: bytes
    value: bytes | None
    """None is a tombstone: on a compacted topic the key is forgotten."""
    headers: Headers = ()
    timestamp_ms: int | None = None
    """Kafka's time of the record: its document's; None is when it is written."""
