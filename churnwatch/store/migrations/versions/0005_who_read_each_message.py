"""How warm each message sounds, and which model read it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was read so far, or told by a table, counts as read by the model of that time."""
    op.add_column("events", sa.Column("warmth", sa.Float(53)))
    op.add_column("events", sa.Column("read_by", sa.Text))
    is_read = sa.or_(sa.column("words").is_not(None), sa.column("irritation").is_not(None))
    op.execute(sa.update(sa.table("events", sa.column("read_by"))).where(is_read).values(read_by="cues-2"))
    known = sa.text("read_by IS NOT NULL")
    op.create_index("ix_events_read_by", "events", ["read_by"], sqlite_where=known, postgresql_where=known)
