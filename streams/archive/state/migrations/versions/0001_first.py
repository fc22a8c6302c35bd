"""The first form of the state database."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables. They are written out: what `tables` says tomorrow is not what this step made."""
    op.create_table(
        "leases",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("holder", sa.String(100), nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("filter", sa.Text, nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("description", sa.Text),
        sa.Column("fixed", sa.Boolean, nullable=False),
        sa.Column("secret", sa.Text),
        sa.Column("old_secret", sa.Text),
        sa.Column("old_secret_until", sa.BigInteger),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("disabled_reason", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("succeeded_at", sa.BigInteger),
        sa.Column("recovery", sa.Integer, nullable=False),
    )
    op.create_table(
        "positions",
        sa.Column("owner", sa.String(120), primary_key=True),
        sa.Column("topic", sa.String(250), primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("log", sa.String(250), nullable=False),
        sa.Column("next", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "webhook_entries",
        sa.Column("webhook_id", sa.String(100), primary_key=True),
        sa.Column("entry_id", sa.String(100), primary_key=True),
        sa.Column("seen_from", sa.Integer, nullable=False),
        sa.Column("first_fit", sa.Integer),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("seq", _BIG_KEY, primary_key=True, autoincrement=True),
        sa.Column("webhook_id", sa.String(100), nullable=False),
        sa.Column("message_id", sa.String(250), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("revision", sa.Integer),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("topic", sa.String(250)),
        sa.Column("partition", sa.Integer),
        sa.Column("offset", sa.BigInteger),
        sa.Column("body", sa.LargeBinary),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("first_at", sa.BigInteger),
        sa.Column("at", sa.BigInteger),
        sa.Column("next_at", sa.BigInteger),
        sa.Column("http_status", sa.Integer),
        sa.Column("error", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("deliveries_due", "deliveries", ["webhook_id", "status", "next_at"])
    op.create_index("deliveries_order", "deliveries", ["webhook_id", "status", "subject", "seq"])
    op.create_index("deliveries_log", "deliveries", ["webhook_id", "seq"])
    op.create_table(
        "acknowledgements",
        sa.Column("alert_id", sa.String(100), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text),
    )
    op.create_table(
        "mutes",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(250), nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text),
    )
    op.create_index("mutes_until", "mutes", ["until"])
    op.create_table(
        "sink_deliveries",
        sa.Column("seq", _BIG_KEY, primary_key=True, autoincrement=True),
        sa.Column("sink", sa.String(100), nullable=False),
        sa.Column("alert_id", sa.String(100), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("next_at", sa.BigInteger),
        sa.Column("error", sa.Text),
        sa.UniqueConstraint("sink", "alert_id", "revision", name="sink_deliveries_once"),
    )
    op.create_index("sink_deliveries_due", "sink_deliveries", ["status", "next_at"])
    op.create_index("sink_deliveries_alert", "sink_deliveries", ["alert_id"])


def downgrade() -> None:
    """Refuse: what the database holds is kept nowhere else."""
    raise NotImplementedError("the state database is never taken back; put back a copy instead")
