"""Imports: batches, their files and rows, where records came from, and services that are there no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. Nothing has been imported yet."""
    op.create_table(
        "removed_service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_service")),
    )
    op.create_index("ix_removed_service_removed_at", "removed_service", ["removed_at", "id"])
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("mapping", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("headings", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("state", sa.String(length=15), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("counts", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("notes", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("why", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("keep_duplicates", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("even_changed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rolled_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("btrim(source) <> ''", name=op.f("ck_import_batch_source_said")),
        sa.CheckConstraint(
            "format in ('json', 'tabular', 'csv', 'xlsx')", name=op.f("ck_import_batch_format_known")
        ),
        sa.CheckConstraint(
            "state in ('mapping', 'reading', 'checking', 'checked', 'applying', 'applied', 'rolling_back', "
            "'rolled_back', 'refused')",
            name=op.f("ck_import_batch_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_import_batch_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(["sector"], ["sector.code"], name=op.f("fk_import_batch_sector_sector")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index("ix_import_batch_made_at", "import_batch", ["made_at", "id"])
    op.create_index("ix_import_batch_organization", "import_batch", ["organization_id"])
    op.create_table(
        "import_chunk",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_import_chunk_batch_id_import_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_import_chunk")),
    )
    op.create_table(
        "import_part",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("own_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("said", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_import_part_batch_id_import_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "part", "number", name=op.f("pk_import_part")),
    )
    op.create_index("ix_import_part_own", "import_part", ["batch_id", "part", "own_id"])
    op.create_index("ix_import_part_owner", "import_part", ["batch_id", "part", "owner_id"])
    op.create_table(
        "import_row",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("plain_name", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("external_record_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("why", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("notes", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("changes", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("keys", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("said", postgresql.JSONB(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.Column("raw", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "kind in ('term', 'organization', 'location', 'service')", name=op.f("ck_import_row_kind_known")
        ),
        sa.CheckConstraint(
            "verdict in ('new', 'changed', 'same', 'possible_duplicate', 'refused')",
            name=op.f("ck_import_row_verdict_known"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_import_row_batch_id_import_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_external_record", "import_row", ["batch_id", "external_record_id"])
    op.create_index("ix_import_row_kind", "import_row", ["batch_id", "kind", "number"])
    op.create_index("ix_import_row_plain_name", "import_row", ["batch_id", "kind", "plain_name"])
    op.create_index("ix_import_row_verdict", "import_row", ["batch_id", "verdict", "number"])
    op.create_table(
        "provenance",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('term', 'organization', 'location', 'service')", name=op.f("ck_provenance_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_provenance_batch_id_import_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_provenance")),
    )
    op.create_index("ix_provenance_external", "provenance", ["source", "kind", "external_id"])
    op.create_index("ix_provenance_record", "provenance", ["record_id"])


def downgrade() -> None:
    """Go back. What was imported stays; where it came from is lost."""
    for table in (
        "provenance",
        "import_row",
        "import_part",
        "import_chunk",
        "import_batch",
        "removed_service",
    ):
        op.drop_table(table)
