"""Which services were ever published, so that readers of the feed hear of the end of one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_PUBLISHED = "('active', 'temporarily closed')"


def upgrade() -> None:
    """Note each service that is published, from now on by itself."""
    op.create_table(
        "published_service",
        sa.Column("service_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("organization_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("service_id", name="pk_published_service"),
    )
    op.create_index(
        "ix_published_service_gone",
        "published_service",
        ["gone_at"],
        postgresql_where=sa.text("gone_at is not null"),
    )
    op.execute(
        "insert into published_service (service_id, organization_id) select id, organization_id"
        " from service where status in ('active', 'temporarily closed')"
    )
    op.execute(
        "create function note_published() returns trigger language plpgsql as $$ begin"
        " insert into published_service (service_id, organization_id) values (new.id, new.organization_id)"
        " on conflict (service_id) do update set organization_id = new.organization_id, gone_at = null;"
        " return null; end $$"
    )
    op.execute(
        "create trigger service_published after insert on service for each row"
        f" when (new.status in {_PUBLISHED}) execute function note_published()"
    )
    op.execute(
        "create trigger service_published_later after update on service for each row"
        f" when (new.status in {_PUBLISHED} and (old.status, old.organization_id)"
        " is distinct from (new.status, new.organization_id)) execute function note_published()"
    )
    op.execute(
        "create function note_gone() returns trigger language plpgsql as $$ begin"
        " update published_service set gone_at = now(), organization_id = old.organization_id"
        " where service_id = old.id; return null; end $$"
    )
    op.execute(
        "create trigger service_gone after delete on service for each row execute function note_gone()"
    )


def downgrade() -> None:
    """Go back."""
    for trigger in ("service_gone", "service_published_later", "service_published"):
        op.execute(f"drop trigger {trigger} on service")
    op.execute("drop function note_gone()")
    op.execute("drop function note_published()")
    op.drop_table("published_service")
