"""How often a step of an import was begun, so that one that never ends is given up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "import_batch", sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("import_batch", "tries")
