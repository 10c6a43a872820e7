"""Messages of the last day are counted by state: an index on when they were queued"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those about restricted referrals are not counted."""
    op.create_index("ix_message_day", "message", ["queued_at"], postgresql_where=sa.text("not restricted"))


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_message_day", "message")
