"""Counting and looking for the same request read an index"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = "status in ('accepted', 'in-progress', 'on-hold', 'received', 'requested')"
INDEXES = {
    "ix_referral_number": ["number_key"],
    "ix_referral_names": ["names_key"],
    "ix_referral_team_open": ["owner_team_id", "status"],
    "ix_referral_org_open": ["owner_org_id", "status"],
}


def upgrade() -> None:
    """Open requests by key, by team and by organisation, whatever else is true of them."""
    for name, columns in INDEXES.items():
        op.create_index(name, "referral", columns, postgresql_where=sa.text(OPEN))


def downgrade() -> None:
    """All open requests are read again."""
    for name in INDEXES:
        op.drop_index(name, table_name="referral")
