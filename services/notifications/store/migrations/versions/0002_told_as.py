"""Under which type of event a message is listed for its organisation"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was told before is listed under its event's own type."""
    op.add_column("message", sa.Column("told_as", sa.String(80), nullable=True))
    op.execute("update message set told_as = event_type")
    op.alter_column("message", "told_as", nullable=False)


def downgrade() -> None:
    """Back to one type."""
    op.drop_column("message", "told_as")
