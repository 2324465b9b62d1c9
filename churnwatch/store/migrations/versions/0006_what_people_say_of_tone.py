"""What people say of the tone of single messages."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; every word is a row, so that nobody's is lost."""
    op.create_table(
        "tone_labels",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("model_id", sa.Text),
        sa.Column("irritation", sa.Float(53)),
    )
