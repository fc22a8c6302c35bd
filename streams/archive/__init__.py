"""The gateway's read model: every revision and the newest of each entry, kept with the offsets that led to it."""

from streams.archive.archive import Archive, ArchiveLostError, Heard, Held, Page, Revision, Snapshot, Wanted
from streams.archive.due import Due, due
from streams.archive.sqlite.archive import SqliteArchive

__all__ = [
    "Archive",
    "ArchiveLostError",
    "Due",
    "Heard",
    "Held",
    "Page",
    "Revision",
    "Snapshot",
    "SqliteArchive",
    "Wanted",
    "due",
]
