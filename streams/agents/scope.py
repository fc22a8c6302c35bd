"""Which records of its topic an agent processes: all of them as they come, or a part of the past."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol


class _Record(Protocol):
    """As much of a record as decides."""

    offset: int

    @property
    def headers(self) -> Iterable[tuple[str, bytes | None]]:
        """Its headers."""
        ...

    @property
    def timestamp(self) -> int:
        """Kafka's time in milliseconds since 1970."""
        ...


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of a topic; the default is all of it, with embargoes that end by the clock."""

    since: datetime | None = None
    """Documents that were received before it are passed over, wherever they stand in the log."""
    until: Mapping[int, int] = field(default_factory=dict)
    """By partition: records from this offset on are left to others."""
    of_the_past: bool = False
    """What an embargo held is published by the documents' times, as no clock was there."""
    clock_counts: Callable[[], bool] = _always
    """Whether the clock, too, ends embargoes: not while documents of the past are still to come."""

    def before_its_end(self, partition: int, offset: int) -> bool:
        """Whether a record belongs to it as far as its offset tells."""
        return (end := self.until.get(partition)) is None or offset < end

    def wants(self, record: _Record) -> bool:
        """Whether a document belongs to it as far as its time tells."""
        return self.since is None or _received_at(record) >= self.since


ALL: Final = Scope()


def _received_at(record: _Record) -> datetime:
    """Return a document's own time; of one that tells none, its record's."""
    told = next((value or b"" for name, value in record.headers if name.lower() == "ce_time"), b"")
    try:
        time = datetime.fromisoformat(told.decode())
    except ValueError:
        return datetime.fromtimestamp(max(0, record.timestamp) / 1000, UTC)
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)
