"""GP practices come as imports."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _formats(known: str) -> None:
    op.drop_constraint(op.f("ck_import_batch_format_known"), "import_batch")
    op.create_check_constraint(op.f("ck_import_batch_format_known"), "import_batch", f"format in ({known})")


def upgrade() -> None:
    """Go forward."""
    _formats("'json', 'tabular', 'csv', 'xlsx', 'practices'")


def downgrade() -> None:
    """Go back. Imports of practices are forgotten; what they brought stays."""
    op.execute("delete from import_batch where format = 'practices'")
    _formats("'json', 'tabular', 'csv', 'xlsx'")
