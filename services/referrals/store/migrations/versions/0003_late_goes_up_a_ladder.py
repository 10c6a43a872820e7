"""Late goes up a ladder"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = "status in ('accepted', 'in-progress', 'on-hold', 'received', 'requested')"
INDEXES = (
    (
        "ix_referral_desk",
        ["place_id", "urgency", "next_action_at", "id"],
        f"(routing_state = 'unrouted' or escalated) and {OPEN}",
    ),
    ("ix_referral_due", ["next_action_at", "id"], OPEN),
    ("ix_referral_open", ["id"], OPEN),
    ("ix_referral_chased", ["next_action_at"], "rung > 0"),
)


def upgrade() -> None:
    """How far up each referral was told, and indexes for the sweeps."""
    op.add_column(
        "referral", sa.Column("rung", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.create_check_constraint(op.f("ck_referral_rung"), "referral", "rung between 0 and 3")
    for name, columns, where in INDEXES:
        op.create_index(name, "referral", columns, postgresql_where=sa.text(where))


def downgrade() -> None:
    """Nobody is told that anything is late."""
    for name, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name="referral")
    op.drop_constraint(op.f("ck_referral_rung"), "referral")
    op.drop_column("referral", "rung")
