"""The tables of the alerts' projection as they are today; `migrations` says how an older database gets there.

Their names begin with `alert`: in PostgreSQL they stand in one database with the archive of the entries.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from streams.archive.state.tables import UtcMilliseconds

_BIG_KEY: Final = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up by itself only what is called INTEGER."""

METADATA: Final = MetaData()

ALERT_LOG: Final = Table(
    "alert_log",
    METADATA,
    Column("identity", String(250), primary_key=True),  # one row: which log the rest was read from
)

ALERT_POSITIONS: Final = Table(
    "alert_positions",
    METADATA,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("floor", BigInteger, nullable=False),  # where the unbroken history begins
    Column("next", BigInteger, nullable=False),
)

ALERTS: Final = Table(
    "alerts",
    METADATA,
    Column("alert_id", String(100), primary_key=True),
    Column("newest", BigInteger, nullable=False),  # the newest revision's `seq`
    Column("at", UtcMilliseconds, nullable=False),  # of the newest revision
    Column("coverage_id", String(250), nullable=False),
    Column("rule_id", String(100), nullable=False),
    Column("change", String(20), nullable=False),  # of the newest revision
    Column("story_id", String(250)),
    Index("alerts_by_time", "at", "newest"),
    Index("alerts_by_rule", "rule_id"),
    Index("alerts_by_story", "story_id"),
)

ALERT_REVISIONS: Final = Table(
    "alert_revisions",
    METADATA,
    Column("seq", _BIG_KEY, primary_key=True, autoincrement=True),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("alert_id", String(100), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", UtcMilliseconds, nullable=False),
    Column("notify", Boolean, nullable=False),
    Column("value", LargeBinary, nullable=False),  # as it stands on the topic
    UniqueConstraint("partition", "offset", name="alert_revisions_place"),
    Index("alert_revisions_of", "alert_id", "seq"),
    sqlite_autoincrement=True,  # a number is never given twice, also after the newest row is gone
)
