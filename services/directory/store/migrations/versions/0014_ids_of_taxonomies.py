"""A taxonomy has the same id in every directory: it follows from its code. Terms name it by its code."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    connection = op.get_bind()
    put = sa.text("update taxonomy set id = :id where code = :code")
    for code in connection.scalars(sa.text("select code from taxonomy")).all():
        connection.execute(put, {"id": uuid5(NAMESPACE_URL, f"urn:linkwork:taxonomy:{code}"), "code": code})


def downgrade() -> None:
    """Go back. Each keeps the id it has: any will do."""
