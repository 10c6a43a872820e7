"""People ask for themselves"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Answers that are not sent yet, sealed; private links to what was sent."""
    op.create_table(
        "public_draft",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_public_draft")),
    )
    op.create_index("ix_public_draft_updated_at", "public_draft", ["updated_at"])
    op.create_table(
        "status_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_status_link_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_link")),
    )
    op.create_index("uq_status_link_token", "status_link", ["token_hash"], unique=True)
    op.create_index(
        "uq_status_link_live",
        "status_link",
        ["referral_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null"),
    )


def downgrade() -> None:
    """Private links end; nothing is asked by the public pages."""
    op.drop_table("status_link")
    op.drop_table("public_draft")
