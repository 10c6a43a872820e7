"""What is gone is noted once, by the database; a service that comes back as a draft is not gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. What stood only in `removed_service` was in no feed: those came with revision 0011."""
    op.drop_table("removed_service")
    op.execute(
        "create function note_back() returns trigger language plpgsql as $$ begin"
        " update published_service set gone_at = null where service_id = new.id; return null; end $$"
    )
    op.execute(
        "create trigger service_back after insert on service for each row"
        " when (new.status not in ('active', 'temporarily closed')) execute function note_back()"
    )
    op.execute(
        "update published_service set gone_at = null"
        " where gone_at is not null and exists (select from service where id = service_id)"
    )


def downgrade() -> None:
    """Go back. Which services were removed by rolling an import back is told by `published_service`."""
    op.execute("drop trigger service_back on service")
    op.execute("drop function note_back()")
    op.create_table(
        "removed_service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_service")),
    )
    op.create_index("ix_removed_service_removed_at", "removed_service", ["removed_at", "id"])
