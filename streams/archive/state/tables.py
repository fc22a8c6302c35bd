"""The state database's tables as they are today; `migrations` says how an older database gets there."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class UtcMilliseconds(TypeDecorator[datetime]):
    """An aware time, kept as milliseconds since 1970: the same in SQLite and PostgreSQL, and it sorts."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return what is kept."""
        return None if value is None else (value - _EPOCH) // _MILLISECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the time."""
        return None if value is None else _EPOCH + value * _MILLISECOND


_BIG_KEY: Final = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up by itself only what is called INTEGER."""

METADATA: Final = MetaData()

LEASES: Final = Table(
    "leases",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("holder", String(100), nullable=False),
    Column("expires_at", UtcMilliseconds, nullable=False),
)

WEBHOOKS: Final = Table(
    "webhooks",
    METADATA,
    Column("id", String(100), primary_key=True),
    Column("url", Text, nullable=False),
    Column("filter", Text, nullable=False),  # JSON
    Column("events", Text, nullable=False),  # between commas
    Column("description", Text),
    Column("fixed", Boolean, nullable=False),
    Column("secret", Text),  # none of a fixed one: its secret stands in the environment
    Column("old_secret", Text),
    Column("old_secret_until", UtcMilliseconds),
    Column("status", String(20), nullable=False),
    Column("disabled_reason", Text),
    Column("created_at", UtcMilliseconds, nullable=False),
    Column("since", UtcMilliseconds, nullable=False),  # records of before are not delivered
    Column("succeeded_at", UtcMilliseconds),
    Column("recovery", Integer, nullable=False),  # counts up when delivery shall begin anew from `since`
)

POSITIONS: Final = Table(
    "positions",
    METADATA,
    Column("owner", String(120), primary_key=True),
    Column("topic", String(250), primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("log", String(250), nullable=False),  # which log the offset belongs to
    Column("next", BigInteger, nullable=False),
)

WEBHOOK_ENTRIES: Final = Table(
    "webhook_entries",
    METADATA,
    Column("webhook_id", String(100), primary_key=True),
    Column("entry_id", String(100), primary_key=True),
    Column("seen_from", Integer, nullable=False),  # the first revision that was judged
    Column("first_fit", Integer),  # the first revision that fitted the filter
    Column("at", UtcMilliseconds, nullable=False),
)

DELIVERIES: Final = Table(
    "deliveries",
    METADATA,
    Column("seq", _BIG_KEY, primary_key=True, autoincrement=True),
    Column("webhook_id", String(100), nullable=False),
    Column("message_id", String(250), nullable=False),  # the header `webhook-id`
    Column("subject", String(120), nullable=False),  # what is delivered in order: an entry, an alert
    Column("revision", Integer),
    Column("kind", String(20), nullable=False),  # entry, alert, test
    Column("topic", String(250)),
    Column("partition", Integer),
    Column("offset", BigInteger),
    Column("body", LargeBinary),  # until it is delivered or given up
    Column("status", String(20), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("created_at", UtcMilliseconds, nullable=False),
    Column("first_at", UtcMilliseconds),
    Column("at", UtcMilliseconds),
    Column("next_at", UtcMilliseconds),  # none while an earlier revision of its subject is pending
    Column("http_status", Integer),
    Column("error", Text),
    Index("deliveries_due", "webhook_id", "status", "next_at"),
    Index("deliveries_order", "webhook_id", "status", "subject", "seq"),
    Index("deliveries_log", "webhook_id", "seq"),
    sqlite_autoincrement=True,  # a number is never given twice, also after the newest row is gone
)

ACKNOWLEDGEMENTS: Final = Table(
    "acknowledgements",
    METADATA,
    Column("alert_id", String(100), primary_key=True),
    Column("at", UtcMilliseconds, nullable=False),
    Column("by", Text),
)

MUTES: Final = Table(
    "mutes",
    METADATA,
    Column("id", String(100), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("subject", String(250), nullable=False),
    Column("until", UtcMilliseconds, nullable=False),
    Column("created_at", UtcMilliseconds, nullable=False),
    Column("by", Text),
    Index("mutes_until", "until"),
)

SINK_DELIVERIES: Final = Table(
    "sink_deliveries",
    METADATA,
    Column("seq", _BIG_KEY, primary_key=True, autoincrement=True),
    Column("sink", String(100), nullable=False),
    Column("alert_id", String(100), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", UtcMilliseconds, nullable=False),
    Column("next_at", UtcMilliseconds),
    Column("error", Text),
    Column("value", LargeBinary),  # the Alert
    Column("insists", String(20)),
    Column("gathers", String(400)),  # what has the same is one message
    Column("arrived_at", UtcMilliseconds),
    Column("message", String(250)),  # the message in which it is sent
    Column("in_doubt", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("sink", "alert_id", "revision", name="sink_deliveries_once"),
    Index("sink_deliveries_open", "sink", "status", "seq"),
    Index("sink_deliveries_alert", "alert_id"),
)

SINKS: Final = Table(
    "sinks",
    METADATA,
    Column("id", String(100), primary_key=True),
    Column("succeeded_at", UtcMilliseconds),
    Column("failing_since", UtcMilliseconds),  # the first failure since the last success
    Column("error", Text),
)
