"""What was changed in listings by whom; drafts may be unfinished; circumstances travel with the routing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.audit import append_only_sql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KINDS = "'need', 'place', 'organization', 'agreement', 'team', 'service', 'member', 'postcode'"
_SELF_ONLY = "not ('self' = any(routes_in) and cardinality(routes_in) = 1) or invitation is not null"
_GROUP = (
    "kind <> 'group' or status <> 'active' or (open_to_others"
    " and (contact_name is not null or phone is not null or email is not null))"
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "listing_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_change")),
        sa.CheckConstraint(
            "what in ('service', 'organization', 'location', 'word')",
            name=op.f("ck_listing_change_what_known"),
        ),
    )
    op.create_index("ix_listing_change_record", "listing_change", ["what", "record", "id"])
    for statement in append_only_sql("listing_change"):
        op.execute(statement)
    _rule("service", "self_only_has_invitation", f"status <> 'active' or {_SELF_ONLY}")
    _rule("service", "group_open", "kind <> 'group' or status <> 'active' or open_to_others")
    _rule("routing_change", "kind_known", f"kind in ('circumstance', {_KINDS})")


def _rule(table: str, name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def downgrade() -> None:
    """Go back. What was written down of changes is lost."""
    op.execute("delete from routing_change where kind = 'circumstance'")
    _rule("routing_change", "kind_known", f"kind in ({_KINDS})")
    _rule("service", "group_open", _GROUP)
    _rule("service", "self_only_has_invitation", _SELF_ONLY)
    op.drop_table("listing_change")
