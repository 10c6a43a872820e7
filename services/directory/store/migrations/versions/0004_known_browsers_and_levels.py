"""Failures are forgotten bit by bit, and a browser somebody signed in with before is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. What was counted so far is counted under other names from now on."""
    op.create_table(
        "known_browser",
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_known_browser_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "token_hash", name=op.f("pk_known_browser")),
    )
    op.create_index("ix_known_browser_token", "known_browser", ["token_hash"], unique=False)
    op.execute("delete from sign_in_attempt")
    op.drop_column("sign_in_attempt", "failures")
    op.alter_column("sign_in_attempt", "last_at", new_column_name="at")
    op.add_column("sign_in_attempt", sa.Column("level", sa.Float(), nullable=False))
    op.add_column("sign_in_attempt", sa.Column("failed", sa.Integer(), nullable=False))
    op.add_column("sign_in_attempt", sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.execute("delete from sign_in_attempt")
    op.drop_column("sign_in_attempt", "failed_at")
    op.drop_column("sign_in_attempt", "failed")
    op.drop_column("sign_in_attempt", "level")
    op.alter_column("sign_in_attempt", "at", new_column_name="last_at")
    op.add_column("sign_in_attempt", sa.Column("failures", sa.Integer(), nullable=False))
    op.drop_index("ix_known_browser_token", table_name="known_browser")
    op.drop_table("known_browser")
