"""Keys of `liveline.memory`: the coverage, a zero byte, and the entry; a coverage's own record has no entry."""

from typing import Final

COVERAGE: Final = b""


def key_of(coverage_id: str, entry_id: str) -> bytes:
    """Return the key of an entry's record, or with an empty entry of the coverage's own."""
    return f"{coverage_id}\0{entry_id}".encode()


def entry_of(entry_id: str) -> bytes:
    """Return an entry's part of the key."""
    return entry_id.encode()
