"""A key is published before it signs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. What is there signs already."""
    op.add_column("signing_key", sa.Column("signs_from", sa.DateTime(timezone=True), nullable=True))
    op.execute("update signing_key set signs_from = created_at")
    op.alter_column("signing_key", "signs_from", nullable=False)


def downgrade() -> None:
    """Go back."""
    op.drop_column("signing_key", "signs_from")
