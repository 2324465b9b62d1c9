"""When each source was last read, and since when and why a client's signals stand still."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns; a source without a row was never read since this was asked."""
    op.create_table(
        "source_health",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("read_at", sa.BigInteger, nullable=False),
        sa.Column("failing_since", sa.BigInteger),
    )
    for table in ("snapshots", "risks"):
        op.add_column(table, sa.Column("frozen_since", sa.Date))
        op.add_column(table, sa.Column("frozen_why", sa.Text))
