"""Answers given after a referral was sent"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = (
    ("recorded_at", sa.DateTime(timezone=True)),
    ("by_id", sa.Uuid()),
    ("by_name", sa.Text()),
    ("by_org_id", sa.Uuid()),
)


def upgrade() -> None:
    """When and by whom each was written down; null for what came with the referral."""
    for name, kind in COLUMNS:
        op.add_column("agreement", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Nobody knows who wrote them down."""
    for name, _ in reversed(COLUMNS):
        op.drop_column("agreement", name)
