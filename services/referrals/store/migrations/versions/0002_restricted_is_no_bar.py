"""A restricted referral is no bar to colleagues"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIRST = (
    "status in ('accepted', 'in-progress', 'on-hold', 'received', 'requested') and separate_from_id is null"
)
KEYS = ("number", "names")


def upgrade() -> None:
    """Restricted referrals are unique for each author, all others for each key."""
    for key in KEYS:
        op.drop_index(f"uq_referral_open_{key}", table_name="referral")
        op.create_index(
            f"uq_referral_open_{key}",
            "referral",
            [f"{key}_key"],
            unique=True,
            postgresql_where=sa.text(f"{FIRST} and not restricted"),
        )
        op.create_index(
            f"uq_referral_restricted_{key}",
            "referral",
            [f"{key}_key", "author_id"],
            unique=True,
            postgresql_where=sa.text(f"{FIRST} and restricted"),
        )


def downgrade() -> None:
    """One index for all again."""
    for key in KEYS:
        op.drop_index(f"uq_referral_restricted_{key}", table_name="referral")
        op.drop_index(f"uq_referral_open_{key}", table_name="referral")
        op.create_index(
            f"uq_referral_open_{key}",
            "referral",
            [f"{key}_key"],
            unique=True,
            postgresql_where=sa.text(FIRST),
        )
