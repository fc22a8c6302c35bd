"""The gateway's read model: every revision and the newest of each entry, kept with the offsets that led to it."""

from streams.archive.archive import (
    Archive,
    ArchiveError,
    ArchiveInUseError,
    ArchiveLostError,
    Heard,
    Held,
    Page,
    Revision,
    Snapshot,
    Wanted,
)
from streams.archive.due import Due, due
from streams.archive.open import open_archive

__all__ = [
    "Archive",
    "ArchiveError",
    "ArchiveInUseError",
    "ArchiveLostError",
    "Due",
    "Heard",
    "Held",
    "Page",
    "Revision",
    "Snapshot",
    "Wanted",
    "due",
    "open_archive",
]
