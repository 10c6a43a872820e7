"""When a provider last answered: since when letters wait"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Not known of those that do not answer now, until they do."""
    op.add_column("provider", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update provider set answered_at = checked_at where answers")


def downgrade() -> None:
    """Only what it said last."""
    op.drop_column("provider", "answered_at")
