"""What is asked about somebody under 18, and who spoke for them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXTS = ("parental_responsibility", "not_to_contact", "speaker_name", "speaker_relation")


def upgrade() -> None:
    """New columns, all null: nobody was asked before."""
    op.add_column("referral", sa.Column("competent", sa.Boolean(), nullable=True))
    op.add_column("referral", sa.Column("speaker", sa.String(length=16), nullable=True))
    for name in TEXTS:
        op.add_column("referral", sa.Column(name, sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_referral_speaker"),
        "referral",
        "speaker in ('person', 'someone_for_them', 'professional')",
    )


def downgrade() -> None:
    """Without them again."""
    op.drop_constraint(op.f("ck_referral_speaker"), "referral", type_="check")
    for name in (*TEXTS, "speaker", "competent"):
        op.drop_column("referral", name)
