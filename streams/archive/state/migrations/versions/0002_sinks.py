"""What is sent to sinks is kept until it is sent, and since when a sink fails."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a sink's queue needs; nothing wrote to `sink_deliveries` before this form."""
    for column in (
        sa.Column("value", sa.LargeBinary),
        sa.Column("insists", sa.String(20)),
        sa.Column("gathers", sa.String(400)),
        sa.Column("arrived_at", sa.BigInteger),
        sa.Column("message", sa.String(250)),
        sa.Column("in_doubt", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("sink_deliveries", column)
    op.create_index("sink_deliveries_open", "sink_deliveries", ["sink", "status", "seq"])
    op.drop_index("sink_deliveries_due", "sink_deliveries")
    op.create_table(
        "sinks",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("succeeded_at", sa.BigInteger),
        sa.Column("failing_since", sa.BigInteger),
        sa.Column("error", sa.Text),
    )


def downgrade() -> None:
    """Refuse: what the database holds is kept nowhere else."""
    raise NotImplementedError("the state database is never taken back; put back a copy instead")
