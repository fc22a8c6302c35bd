"""Keys of `liveline.memory`: the coverage, a zero byte, and the entry.

A coverage's own record has no entry; its skeletons stand under `#0`, `#1` and so on.
"""

from typing import Final

COVERAGE: Final = b""
CHUNK: Final = b"#"
"""Begins the last part of the key of a coverage's skeletons; no entry's id does."""


def key_of(coverage_id: str, entry_id: str) -> bytes:
    """Return the key of an entry's record, or with an empty entry of the coverage's own."""
    return f"{coverage_id}\0{entry_id}".encode()


def entry_of(entry_id: str) -> bytes:
    """Return the part of the key that names the entry."""
    return entry_id.encode()


def chunk_of(number: int) -> bytes:
    """Return the part of the key of a record of skeletons."""
    return CHUNK + str(number).encode()


def chunk_key(coverage_id: str, number: int) -> bytes:
    """Return the key of a record of skeletons."""
    return f"{coverage_id}\0".encode() + chunk_of(number)
