"""When each payment became known."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of payments that are there already nobody knows, so that they count as known once their day was over."""
    op.add_column("events", sa.Column("paid_known_at", sa.BigInteger))
