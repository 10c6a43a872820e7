"""An organisation's mailbox for news of the referrals it sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. Nobody has one yet."""
    op.create_table(
        "referral_mailbox",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("btrim(email) <> ''", name=op.f("ck_referral_mailbox_email_said")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_referral_mailbox_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_referral_mailbox")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("referral_mailbox")
