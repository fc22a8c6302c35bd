"""The records of a coverage in `liveline.memory`, and their keys."""

from collections.abc import Iterator

from streams.dedupe.memory.coverage import CoverageMemory
from streams.dedupe.memory.key import chunk_key, key_of
from streams.dedupe.memory.remembered import encode


def keys_of(coverage_id: str, known: CoverageMemory) -> Iterator[bytes]:
    """Return the keys of a coverage's records."""
    yield key_of(coverage_id, "")
    for number in range(known.skeletons.chunks):
        yield chunk_key(coverage_id, number)
    for entry_id in known.entries:
        yield key_of(coverage_id, entry_id)


def records_of(coverage_id: str, known: CoverageMemory) -> Iterator[tuple[bytes, bytes]]:
    """Return a coverage's records: its own, its skeletons and its entries."""
    yield key_of(coverage_id, ""), known.times.encode()
    for number, value in enumerate(known.skeletons.encode()):
        yield chunk_key(coverage_id, number), value
    for entry_id, entry in known.entries.items():
        yield key_of(coverage_id, entry_id), encode(entry)
