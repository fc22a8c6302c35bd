"""The archive's tables as they are today; `streams/archive/migrations` says how an older archive gets there."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

from streams.archive.forms import Forms

FORMS: Final = Forms("streams.archive", "liveline_archive_version")
VERSION: Final = 4
"""What `log.version` says; it counts no further: the form is in Alembic's table."""

_BIG_KEY: Final = BigInteger().with_variant(Integer, "sqlite")

METADATA: Final = MetaData()

LOG: Final = Table(
    "log",
    METADATA,
    Column("identity", Text, nullable=False),  # whose projection this is
    Column("version", Integer, nullable=False),
    Column("next_seq", BigInteger, nullable=False, server_default="1"),
    Column("next_number", BigInteger, nullable=False, server_default="1"),
)

# One row a partition: the history from `floor` up to `next` is complete.
POSITIONS: Final = Table(
    "positions",
    METADATA,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("floor", BigInteger, nullable=False),
    Column("next", BigInteger, nullable=False),
)

# Every revision; `seq` is the order in which they were read from the log.
REVISIONS: Final = Table(
    "revisions",
    METADATA,
    Column("seq", _BIG_KEY, primary_key=True, autoincrement=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("coverage_id", Text, nullable=False),
    Column("entry_id", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Index("revisions_by_offset", "partition", "offset", unique=True),
    Index("revisions_by_coverage", "coverage_id", "seq"),
    Index("revisions_by_entry", "entry_id", "seq"),
    Index("revisions_by_time", "partition", "timestamp"),
)

# When each coverage began: it stays, also when its first entries are retracted or pruned.
COVERAGES: Final = Table(
    "coverages",
    METADATA,
    Column("coverage_id", Text, primary_key=True),
    Column("started", BigInteger, nullable=False),
)

# Entries that had figures in any revision.
FIGURES: Final = Table(
    "figures",
    METADATA,
    Column("coverage_id", Text, primary_key=True),
    Column("entry_id", Text, primary_key=True),
    sqlite_with_rowid=False,
)

# The newest revision of each entry; `number` is the order in which the entries appeared and never changes.
ENTRIES: Final = Table(
    "entries",
    METADATA,
    Column("number", _BIG_KEY, primary_key=True, autoincrement=False),
    Column("entry_id", Text, nullable=False, unique=True),
    Column("coverage_id", Text, nullable=False),
    Column("newest", BigInteger, nullable=False),
    Column("source_id", Text, nullable=False, server_default=""),
    Index("entries_by_coverage", "coverage_id", "number"),
)
