"""Who takes part, attachments, absences, promises, roles; and by which write an event came or changed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FIRST = sa.text("1")  # all that was there before writes were numbered counts as one


def upgrade() -> None:
    """Add the columns; null stands for what was never asked."""
    # Added one by one: a batch would build the table anew, and dropping the old one takes the texts with it.
    op.add_column("contacts", sa.Column("role", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("events", sa.Column("people", sa.Text))
    op.add_column("events", sa.Column("attachments", sa.Integer))
    op.add_column("events", sa.Column("away_since", sa.Date))
    op.add_column("events", sa.Column("away_until", sa.Date))
    op.add_column("events", sa.Column("promise_due", sa.Date))
    op.add_column("events", sa.Column("delivers", sa.Boolean))
    op.add_column("events", sa.Column("changed", sa.BigInteger, nullable=False, server_default=_FIRST))
    op.create_index("ix_events_changed", "events", ["changed"])
    writes = op.create_table("event_writes", sa.Column("number", sa.BigInteger, nullable=False))
    op.bulk_insert(writes, [{"number": 1}])
    op.create_table(
        "rewritten",
        sa.Column("client_id", sa.Text, primary_key=True),
        sa.Column("changed", sa.BigInteger, nullable=False),
    )
