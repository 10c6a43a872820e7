"""The feeds find words as pages and API do: what they searched by goes, closed services get a search row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_WORDS = "lower(name || ' ' || description || ' ' || who_for || ' ' || differs)"


def upgrade() -> None:
    """Go forward. `migrate` writes the rows anew afterwards (store/search_refresh.py)."""
    op.drop_index("ix_service_words", table_name="service")
    op.drop_column("service", "words")
    op.add_column(
        "service_search", sa.Column("closed", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    """Go back."""
    op.execute("delete from service_search where closed")
    op.drop_column("service_search", "closed")
    op.add_column(
        "service", sa.Column("words", sa.Text(), sa.Computed(_WORDS, persisted=True), nullable=False)
    )
    op.create_index(
        "ix_service_words",
        "service",
        ["words"],
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
