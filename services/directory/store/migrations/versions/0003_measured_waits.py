"""How long people waited for a service, as the referrals service measured it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "measured_wait",
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("median_days", sa.Integer(), nullable=True),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("open_now", sa.Integer(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("median_days >= 0", name=op.f("ck_measured_wait_median_days_counts")),
        sa.CheckConstraint("started >= 0 and open_now >= 0", name=op.f("ck_measured_wait_people_counts")),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_measured_wait_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_measured_wait")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("measured_wait")
