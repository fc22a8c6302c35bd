"""The first form: the layout that SQLite files had (their version 3) before Alembic took over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables. They are written out: what `tables` says tomorrow is not what this step made."""
    op.create_table(
        "log",
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "positions",
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("floor", sa.BigInteger, nullable=False),
        sa.Column("next", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "revisions",
        sa.Column("seq", _BIG_KEY, primary_key=True, autoincrement=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.Column("coverage_id", sa.Text, nullable=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    op.create_index("revisions_by_offset", "revisions", ["partition", "offset"], unique=True)
    op.create_index("revisions_by_coverage", "revisions", ["coverage_id", "seq"])
    op.create_index("revisions_by_entry", "revisions", ["entry_id", "seq"])
    op.create_index("revisions_by_time", "revisions", ["partition", "timestamp"])
    op.create_table(
        "coverages",
        sa.Column("coverage_id", sa.Text, primary_key=True),
        sa.Column("started", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "figures",
        sa.Column("coverage_id", sa.Text, primary_key=True),
        sa.Column("entry_id", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entries",
        sa.Column("number", _BIG_KEY, primary_key=True, autoincrement=False),
        sa.Column("entry_id", sa.Text, nullable=False, unique=True),
        sa.Column("coverage_id", sa.Text, nullable=False),
        sa.Column("newest", sa.BigInteger, nullable=False),
    )
    op.create_index("entries_by_coverage", "entries", ["coverage_id", "number"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE found USING fts5 (headline, summary, body, authors, "
            "tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")"
        )
    else:
        op.create_table(
            "found",
            sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("words", postgresql.TSVECTOR, nullable=False),
        )
        op.create_index("found_by_words", "found", ["words"], postgresql_using="gin")
