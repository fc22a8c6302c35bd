"""The first form of the alerts' projection."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables. They are written out: what `tables` says tomorrow is not what this step made."""
    op.create_table("alert_log", sa.Column("identity", sa.String(250), primary_key=True))
    op.create_table(
        "alert_positions",
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("floor", sa.BigInteger, nullable=False),
        sa.Column("next", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.String(100), primary_key=True),
        sa.Column("newest", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("coverage_id", sa.String(250), nullable=False),
        sa.Column("rule_id", sa.String(100), nullable=False),
        sa.Column("change", sa.String(20), nullable=False),
        sa.Column("story_id", sa.String(250)),
    )
    op.create_index("alerts_by_time", "alerts", ["at", "newest"])
    op.create_index("alerts_by_rule", "alerts", ["rule_id"])
    op.create_index("alerts_by_story", "alerts", ["story_id"])
    op.create_table(
        "alert_revisions",
        sa.Column("seq", _BIG_KEY, primary_key=True, autoincrement=True),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("alert_id", sa.String(100), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("notify", sa.Boolean, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("partition", "offset", name="alert_revisions_place"),
        sqlite_autoincrement=True,
    )
    op.create_index("alert_revisions_of", "alert_revisions", ["alert_id", "seq"])


def downgrade() -> None:
    """Take the tables away: what they hold is read from Kafka again."""
    for table in ("alert_revisions", "alerts", "alert_positions", "alert_log"):
        op.drop_table(table)
