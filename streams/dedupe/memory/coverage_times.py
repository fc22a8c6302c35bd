"""The times of a coverage: its last document, its sources' snapshots, and how far back it forgot."""

from dataclasses import dataclass, replace

import orjson

from streams.dedupe.memory.record_version import VERSION_BYTE, check_version


@dataclass(frozen=True, slots=True)
class CoverageTimes:
    """When a coverage and its sources' snapshots were last seen."""

    last: int = 0
    """The newest time of its documents, to the minute."""
    clock: int = 0
    """The newest time of the partition's documents at the coverage's last document; not earlier than `last`."""
    forgotten: int | None = None
    """The newest published time of the forgotten entries: a post that is not newer may have been published before."""
    snapshots: tuple[tuple[str, int], ...] = ()

    def snapshot_of(self, source_id: str) -> int:
        """Return when the source's last snapshot was received; 0 for never."""
        return dict(self.snapshots).get(source_id, 0)

    def with_snapshot(self, source_id: str, received: int) -> "CoverageTimes":
        """Return this with a later snapshot of the source."""
        return replace(self, snapshots=tuple(sorted({**dict(self.snapshots), source_id: received}.items())))

    def encode(self) -> bytes:
        """Return it as a record's value."""
        return VERSION_BYTE + orjson.dumps([self.last, self.clock, self.forgotten, self.snapshots])

    @classmethod
    def decode(cls, value: bytes) -> "CoverageTimes":
        """Return what `encode` wrote."""
        check_version(value)
        last, clock, forgotten, snapshots = orjson.loads(value[1:])
        return cls(last, clock, forgotten, tuple((source, at) for source, at in snapshots))
