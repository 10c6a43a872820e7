"""A second copy of the directory in the making"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEYS = {"directory_item": ["kind", "id"], "directory_postcode": ["postcode"]}


def upgrade() -> None:
    """Items and postcodes say of which copy they are; the state, how far the next one is."""
    op.add_column(
        "directory_state", sa.Column("copy", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column("directory_state", sa.Column("next_epoch", sa.UUID(), nullable=True))
    op.add_column("directory_state", sa.Column("next_version", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_directory_state_next"),
        "directory_state",
        "(next_epoch is null) = (next_version is null)",
    )
    for table, key in KEYS.items():
        op.add_column(table, sa.Column("copy", sa.Integer(), server_default=sa.text("1"), nullable=False))
        op.alter_column(table, "copy", server_default=None)
        op.drop_constraint(op.f(f"pk_{table}"), table)
        op.create_primary_key(op.f(f"pk_{table}"), table, ["copy", *key])
    op.drop_index("ix_directory_item_version", table_name="directory_item")
    op.create_index("ix_directory_item_version", "directory_item", ["copy", "version"])


def downgrade() -> None:
    """One copy: the one in use stays, one in the making goes."""
    op.drop_index("ix_directory_item_version", table_name="directory_item")
    op.create_index("ix_directory_item_version", "directory_item", ["version"])
    for table, key in KEYS.items():
        op.execute(f"delete from {table} where copy <> (select copy from directory_state)")  # noqa: S608
        op.drop_constraint(op.f(f"pk_{table}"), table)
        op.drop_column(table, "copy")
        op.create_primary_key(op.f(f"pk_{table}"), table, key)
    op.drop_constraint(op.f("ck_directory_state_next"), "directory_state")
    for column in ("next_version", "next_epoch", "copy"):
        op.drop_column("directory_state", column)
