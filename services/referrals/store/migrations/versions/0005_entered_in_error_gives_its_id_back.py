"""What was entered in error gives its external id back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = ["client", "external_source", "external_id"]
KNOWN = "external_id is not null"


def upgrade() -> None:
    """An external id is unique among what was not entered in error."""
    _index(f"{KNOWN} and status <> 'entered-in-error'")


def downgrade() -> None:
    """Unique among all: the id stays with the latest."""
    op.execute(
        "update referral set external_source = null, external_id = null where status = 'entered-in-error'"
    )
    _index(KNOWN)


def _index(where: str) -> None:
    op.drop_index("uq_referral_external", table_name="referral")
    op.create_index("uq_referral_external", "referral", COLUMNS, unique=True, postgresql_where=sa.text(where))
