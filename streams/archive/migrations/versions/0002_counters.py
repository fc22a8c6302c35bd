"""Numbers that are never given twice, also after the newest rows were pruned; the source of each entry."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SOURCE = {
    "sqlite": "json_extract(CAST(r.value AS TEXT), '$.source_id')",
    "postgresql": "convert_from(r.value, 'UTF8')::json ->> 'source_id'",
}


def upgrade() -> None:
    """Add them, filled from what is there."""
    op.add_column("log", sa.Column("next_seq", sa.BigInteger, nullable=False, server_default="1"))
    op.add_column("log", sa.Column("next_number", sa.BigInteger, nullable=False, server_default="1"))
    op.add_column("entries", sa.Column("source_id", sa.Text, nullable=False, server_default=""))
    source = _SOURCE[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE entries SET source_id = coalesce((SELECT {source} FROM revisions r WHERE r.seq = newest), '')"  # noqa: S608
    )
    op.execute(
        "UPDATE log SET next_seq = (SELECT coalesce(max(seq), 0) + 1 FROM revisions), "
        "next_number = (SELECT coalesce(max(number), 0) + 1 FROM entries), "
        # A Liveline from before looks at this number, and sets a file aside that has another than its own.
        "version = 4"
    )
