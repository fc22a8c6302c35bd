"""Which records of a topic an agent processes."""

from dataclasses import dataclass
from datetime import UTC, datetime

from streams.agents.scope import ALL, Scope

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass
class Record:
    """As much of a record as decides."""

    headers: tuple[tuple[str, bytes | None], ...] = ()
    timestamp: int = 0
    offset: int = 0


def test_a_documents_own_time_counts_before_its_records() -> None:
    """A document that was pushed late is as old as it says; one that says nothing readable is as old as its record."""
    scope = Scope(since=NOON)
    at_noon = int(NOON.timestamp() * 1000)

    assert scope.wants(Record((("ce_time", b"2026-05-01T12:00:00Z"),)))
    assert not scope.wants(Record((("ce_time", b"2026-05-01T11:59:59Z"),), timestamp=at_noon))
    assert scope.wants(Record((("ce_time", b"noon"),), timestamp=at_noon))
    assert not scope.wants(Record((("ce_time", None),), timestamp=at_noon - 1))
    assert scope.wants(Record((("CE_TIME", b"2026-05-01T14:00:00+02:00"),)))


def test_offsets_end_it_partition_by_partition() -> None:
    """The end itself is without; all has no end."""
    scope = Scope(until={0: 5})

    assert [scope.before_its_end(0, 4), scope.before_its_end(0, 5), scope.before_its_end(1, 5)] == [True, False, True]
    assert ALL.before_its_end(0, 10**12)
    assert ALL.wants(Record())
