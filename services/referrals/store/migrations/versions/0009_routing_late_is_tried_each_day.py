"""Routing late is tried each day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The UK day on which a team was last looked for."""
    op.add_column("referral", sa.Column("tried_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Once for each version of the directory's copy."""
    op.drop_column("referral", "tried_on")
