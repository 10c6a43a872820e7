"""Lost ones are looked for by what changed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OPEN = "status in ('accepted', 'in-progress', 'on-hold', 'received', 'requested')"


def upgrade() -> None:
    """When everything was last looked at, on what that rested, and open requests by their last change."""
    op.create_table(
        "lost_look",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("footing", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_lost_look_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_look")),
    )
    op.create_index("ix_referral_changed", "referral", ["updated_at"], postgresql_where=sa.text(OPEN))


def downgrade() -> None:
    """Everything open is looked at each time."""
    op.drop_index("ix_referral_changed", table_name="referral")
    op.drop_table("lost_look")
