"""What was open before is loaded"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """When a referral was loaded; null for what was sent here."""
    op.add_column("referral", sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Loaded ones look like any other."""
    op.drop_column("referral", "loaded_at")
