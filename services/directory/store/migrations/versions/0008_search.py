"""What the search reads: words and labels of every service, the thesaurus, and searches without an answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NONE = sa.text("'{}'")


def upgrade() -> None:
    """Go forward. `migrate` fills the rows afterwards (store/search_refresh.py)."""
    op.execute("create extension if not exists unaccent")
    op.execute("create text search configuration linkwork (copy = pg_catalog.english)")
    op.execute(
        "alter text search configuration linkwork"
        " alter mapping for hword, hword_part, word with unaccent, english_stem"
    )
    _rows()
    _words()
    _unmet()
    op.create_index("ix_postcode_ward", "postcode", ["ward"])
    op.create_index("ix_postcode_lsoa", "postcode", ["lsoa"])


def _rows() -> None:
    op.create_table(
        "service_search",
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("vector", postgresql.TSVECTOR(), nullable=False),
        sa.Column("labels", postgresql.ARRAY(sa.Text()), server_default=_NONE, nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.Text()), server_default=_NONE, nullable=False),
        sa.Column("spots", postgresql.ARRAY(sa.Float()), server_default=_NONE, nullable=False),
        sa.Column("needs", sa.SmallInteger(), nullable=False),
        sa.Column("minimum_age", sa.SmallInteger(), nullable=True),
        sa.Column("maximum_age", sa.SmallInteger(), nullable=True),
        sa.Column("fresh_until", sa.Date(), nullable=True),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_search_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_service_search")),
    )
    for column in ("vector", "labels", "areas"):
        op.create_index(f"ix_service_search_{column}", "service_search", [column], postgresql_using="gin")
    op.create_table(
        "search_point",
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service_search.service_id"],
            name=op.f("fk_search_point_service_id_service_search"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "lat", "lon", name=op.f("pk_search_point")),
    )
    op.create_index("ix_search_point_both", "search_point", ["lat", "lon"], postgresql_using="gist")
    op.create_table(
        "search_state",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("single", name=op.f("ck_search_state_one_row")),
        sa.PrimaryKeyConstraint("single", name=op.f("pk_search_state")),
    )


def _words() -> None:
    op.create_table(
        "search_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("letters", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_index(
        "ix_search_word_near",
        "search_word",
        ["word"],
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_search_word_begins", "search_word", ["word"], postgresql_ops={"word": "text_pattern_ops"}
    )
    op.create_index("ix_search_word_letters", "search_word", ["letters"])
    op.create_table(
        "thesaurus_entry",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("same", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("also", postgresql.ARRAY(sa.Text()), server_default=_NONE, nullable=False),
        sa.Column("need", sa.String(length=60), nullable=True),
        sa.Column("keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("queries", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("cardinality(same) > 0", name=op.f("ck_thesaurus_entry_says_something")),
        sa.CheckConstraint(
            "cardinality(keys) = cardinality(same)", name=op.f("ck_thesaurus_entry_keys_of_same")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thesaurus_entry")),
    )
    op.create_index("ix_thesaurus_entry_keys", "thesaurus_entry", ["keys"], postgresql_using="gin")


def _unmet() -> None:
    op.create_table(
        "unmet_need",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("area", sa.String(length=9), nullable=False),
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_unmet_need_counts")),
        sa.PrimaryKeyConstraint("week", "area", "need", name=op.f("pk_unmet_need")),
    )
    op.create_table(
        "unmet_seen",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_unmet_seen")),
    )
    op.create_index("ix_unmet_seen_at", "unmet_seen", ["seen_at"])


def downgrade() -> None:
    """Go back. The thesaurus and the counts are lost."""
    op.drop_index("ix_postcode_lsoa", table_name="postcode")
    op.drop_index("ix_postcode_ward", table_name="postcode")
    for table in (
        "unmet_seen", "unmet_need", "thesaurus_entry", "search_word", "search_state", "search_point",
        "service_search",
    ):  # fmt: skip
        op.drop_table(table)
    op.execute("drop text search configuration linkwork")
