"""A load of postcodes is a batch, and rolled back by what it changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _formats(known: str) -> None:
    op.drop_constraint(op.f("ck_import_batch_format_known"), "import_batch")
    op.create_check_constraint(op.f("ck_import_batch_format_known"), "import_batch", f"format in ({known})")


def upgrade() -> None:
    """Go forward."""
    _formats("'json', 'tabular', 'csv', 'xlsx', 'practices', 'postcodes'")
    op.alter_column("import_batch", "sector", existing_type=sa.String(), nullable=True)
    op.create_table(
        "postcode_before",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("pcds", sa.String(length=8), nullable=False),
        sa.Column("was_there", sa.Boolean(), nullable=False),
        sa.Column("authority", sa.String(length=9), nullable=True),
        sa.Column("ward", sa.String(length=9), nullable=True),
        sa.Column("lsoa", sa.String(length=9), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_postcode_before_batch_id_import_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "pcds", name=op.f("pk_postcode_before")),
    )


def downgrade() -> None:
    """Go back. Loads of postcodes are forgotten; what they brought stays."""
    op.drop_table("postcode_before")
    op.execute("delete from import_batch where format = 'postcodes'")
    op.alter_column("import_batch", "sector", existing_type=sa.String(), nullable=False)
    _formats("'json', 'tabular', 'csv', 'xlsx', 'practices'")
