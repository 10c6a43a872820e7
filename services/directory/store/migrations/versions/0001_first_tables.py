"""The tables of the first version."""

# ruff: noqa: E501, PLR0915 - lists of tables are long

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.audit import append_only_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.execute("create extension if not exists pg_trgm")
    op.execute("create extension if not exists btree_gist")
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=True),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("subjects", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_table(
        "access_seal",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("log_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_access_seal")),
        sa.UniqueConstraint("log_id", name=op.f("uq_access_seal_log_id")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_pending", sa.LargeBinary(), nullable=True),
        sa.Column("totp_counter", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_index("uq_account_email", "account", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "area",
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_area_name_said")),
        sa.CheckConstraint("code ~ '^[EWSN][0-9]{8}$'", name=op.f("ck_area_code_gss")),
        sa.CheckConstraint("kind in ('authority', 'ward', 'lsoa')", name=op.f("ck_area_kind_known")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
    )
    op.create_table(
        "connector_role",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_connector_role")),
    )
    op.create_table(
        "idempotency",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("route", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("resource_id", sa.UUID(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client", "route", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "inbox",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("time", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "data",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "id", name=op.f("pk_inbox")),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "txid",
            sa.BigInteger(),
            server_default=sa.text("pg_current_xact_id()::text::bigint"),
            nullable=False,
        ),
        sa.Column("relayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_id")),
    )
    op.create_index(
        "ix_outbox_waiting", "outbox", ["seq"], unique=False, postgresql_where=sa.text("relayed_at is null")
    )
    op.create_table(
        "place",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("authorities", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("next_action_days", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_place_name_said")),
        sa.CheckConstraint("code ~ '^[a-z][a-z0-9-]*$'", name=op.f("ck_place_code_plain")),
        sa.CheckConstraint("cardinality(authorities) > 0", name=op.f("ck_place_has_authority")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("code", name=op.f("uq_place_code")),
    )
    op.create_table(
        "postcode",
        sa.Column("pcds", sa.String(length=8), nullable=False),
        sa.Column("authority", sa.String(length=9), nullable=False),
        sa.Column("ward", sa.String(length=9), nullable=True),
        sa.Column("lsoa", sa.String(length=9), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "pcds ~ '^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$'", name=op.f("ck_postcode_pcds_form")
        ),
        sa.CheckConstraint("(lat is null) = (lon is null)", name=op.f("ck_postcode_whole_point")),
        sa.PrimaryKeyConstraint("pcds", name=op.f("pk_postcode")),
    )
    op.create_index("ix_postcode_authority", "postcode", ["authority", "ward"], unique=False)
    op.create_table(
        "routing_change",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("kind_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind in ('need', 'place', 'organization', 'agreement', 'team', 'service', 'member', 'postcode')",
            name=op.f("ck_routing_change_kind_known"),
        ),
        sa.PrimaryKeyConstraint("kind", "kind_id", name=op.f("pk_routing_change")),
        sa.UniqueConstraint("version", name=op.f("uq_routing_change_version")),
    )
    op.create_table(
        "routing_epoch",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("epoch", sa.UUID(), nullable=False),
        sa.Column("last_version", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("single", name=op.f("ck_routing_epoch_one_row")),
        sa.PrimaryKeyConstraint("single", name=op.f("pk_routing_epoch")),
    )
    op.create_table(
        "sector",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sector")),
    )
    op.create_table(
        "session_seen",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_session_seen")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_attempt")),
    )
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remove_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "taxonomy",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taxonomy")),
        sa.UniqueConstraint("code", name=op.f("uq_taxonomy_code")),
    )
    op.create_table(
        "account_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_event_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
    )
    op.create_index(
        "ix_account_event_account",
        "account_event",
        ["account_id", sa.literal_column("at desc")],
        unique=False,
    )
    op.create_table(
        "emergency_number",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("when", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_emergency_number_name_said")),
        sa.CheckConstraint("btrim(number) <> ''", name=op.f("ck_emergency_number_number_said")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_emergency_number_place_id_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_number")),
        sa.UniqueConstraint("place_id", "position", name=op.f("uq_emergency_number_place_id")),
    )
    op.create_table(
        "neighbour",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("authority", sa.String(length=9), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.CheckConstraint("btrim(contact) <> ''", name=op.f("ck_neighbour_contact_said")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_neighbour_place_id_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour")),
        sa.UniqueConstraint("place_id", "authority", name=op.f("uq_neighbour_place_id")),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=True),
        sa.Column("income_band", sa.String(length=10), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.String(length=8), nullable=True),
        sa.Column(
            "email_domains", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("host_id", sa.UUID(), nullable=True),
        sa.Column("parent_id", sa.UUID(), nullable=True),
        sa.Column("status", sa.String(length=10), server_default=sa.text("'active'"), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("last_modified", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_organization_name_said")),
        sa.CheckConstraint(
            "closed_on is null or status = 'closed'", name=op.f("ck_organization_closed_on_closed")
        ),
        sa.CheckConstraint(
            "income_band in ('none', '<5k', '5k-<10k', '10k-<100k', '>=100k')",
            name=op.f("ck_organization_income_band_known"),
        ),
        sa.CheckConstraint("status in ('active', 'closed')", name=op.f("ck_organization_status_known")),
        sa.CheckConstraint("host_id <> id", name=op.f("ck_organization_not_own_host")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_organization_not_own_parent")),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organization.id"], name=op.f("fk_organization_host_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organization.id"], name=op.f("fk_organization_parent_id_organization")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_organization_place_id_place")),
        sa.ForeignKeyConstraint(["sector"], ["sector.code"], name=op.f("fk_organization_sector_sector")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
    )
    op.create_index("ix_organization_place", "organization", ["place_id", "sector"], unique=False)
    op.create_index(
        "ix_organization_words",
        "organization",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_table(
        "pending_sign_in",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("next_url", sa.String(length=2000), nullable=False),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_pending_sign_in_account_id_account")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_pending_sign_in")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "taxonomy_term",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("taxonomy", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("parent_id", sa.UUID(), nullable=True),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_taxonomy_term_name_said")),
        sa.CheckConstraint("btrim(plain) <> ''", name=op.f("ck_taxonomy_term_plain_said")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["taxonomy_term.id"], name=op.f("fk_taxonomy_term_parent_id_taxonomy_term")
        ),
        sa.ForeignKeyConstraint(
            ["taxonomy"], ["taxonomy.code"], name=op.f("fk_taxonomy_term_taxonomy_taxonomy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taxonomy_term")),
        sa.UniqueConstraint("taxonomy", "code", name=op.f("uq_taxonomy_term_taxonomy")),
    )
    op.create_index("ix_taxonomy_term_order", "taxonomy_term", ["taxonomy", "position"], unique=False)
    op.create_table(
        "action_link",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=True),
        sa.Column(
            "scope",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("minted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_action_link_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_action_link_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_action_link_token_hash")),
    )
    op.create_index("ix_action_link_account", "action_link", ["account_id"], unique=False)
    op.create_index(
        "ix_action_link_organization", "action_link", ["organization_id", "created_at"], unique=False
    )
    op.create_table(
        "browser_session",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("acting_organization_id", sa.UUID(), nullable=True),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_browser_session_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["acting_organization_id"],
            ["organization.id"],
            name=op.f("fk_browser_session_acting_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_browser_session")),
    )
    op.create_index("ix_browser_session_account", "browser_session", ["account_id", "ends_at"], unique=False)
    op.create_table(
        "link_worker",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("employer_id", sa.UUID(), nullable=True),
        sa.Column("host_id", sa.UUID(), nullable=True),
        sa.Column("about", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "working_days",
            postgresql.ARRAY(sa.SmallInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("caseload_limit", sa.Integer(), nullable=True),
        sa.Column("listed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_link_worker_name_said")),
        sa.CheckConstraint(
            "caseload_limit between 0 and 1000", name=op.f("ck_link_worker_caseload_limit_sane")
        ),
        sa.CheckConstraint(
            "num_nonnulls(employer_id, host_id) = 1", name=op.f("ck_link_worker_employed_or_hosted")
        ),
        sa.CheckConstraint(
            "working_days <@ array[0,1,2,3,4,5,6]::smallint[]",
            name=op.f("ck_link_worker_working_days_weekdays"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_link_worker_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["organization.id"], name=op.f("fk_link_worker_employer_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organization.id"], name=op.f("fk_link_worker_host_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["role"], ["connector_role.code"], name=op.f("fk_link_worker_role_connector_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_worker")),
        sa.UniqueConstraint("account_id", name=op.f("uq_link_worker_account_id")),
    )
    op.create_index("ix_link_worker_employer", "link_worker", ["employer_id"], unique=False)
    op.create_index("ix_link_worker_host", "link_worker", ["host_id"], unique=False)
    op.create_index(
        "ix_link_worker_words",
        "link_worker",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_table(
        "location",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address_1", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.String(length=8), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("private", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_location_name_said")),
        sa.CheckConstraint("(latitude is null) = (longitude is null)", name=op.f("ck_location_whole_point")),
        sa.CheckConstraint("latitude between -90 and 90", name=op.f("ck_location_latitude_degrees")),
        sa.CheckConstraint("longitude between -180 and 180", name=op.f("ck_location_longitude_degrees")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_location_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
    )
    op.create_table(
        "organization_identifier",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("identifier", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "scheme <> 'GB-CHC' or identifier ~ '^[0-9]{6,7}(-[0-9]+)?$'",
            name=op.f("ck_organization_identifier_charity_number"),
        ),
        sa.CheckConstraint(
            "scheme <> 'GB-NHS' or identifier ~ '^[A-Z0-9]{3,9}$'",
            name=op.f("ck_organization_identifier_ods_code"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_identifier_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_identifier")),
        sa.UniqueConstraint("scheme", "identifier", name=op.f("uq_organization_identifier_scheme")),
    )
    op.create_index(
        "ix_organization_identifier_organization",
        "organization_identifier",
        ["organization_id"],
        unique=False,
    )
    op.create_table(
        "service",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=20), server_default=sa.text("'inactive'"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("connector_role", sa.String(length=60), nullable=True),
        sa.Column("support_type", sa.String(length=30), nullable=True),
        sa.Column("who_for", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("not_for", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("differs", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("routes_in", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("ending", sa.String(length=10), nullable=True),
        sa.Column("discreet", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("open_to_others", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("invitation", sa.Text(), nullable=True),
        sa.Column("fees_description", sa.Text(), nullable=True),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "working_days",
            postgresql.ARRAY(sa.SmallInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("funded_until", sa.Date(), nullable=True),
        sa.Column("minimum_age", sa.SmallInteger(), nullable=True),
        sa.Column("maximum_age", sa.SmallInteger(), nullable=True),
        sa.Column("area_basis", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("area_words", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "circumstances", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "sender_sectors", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("capacity_limit", sa.Integer(), nullable=True),
        sa.Column("open_places", sa.Integer(), nullable=True),
        sa.Column("declared_wait_days", sa.Integer(), nullable=True),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("ask_first", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("last_modified", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "words",
            sa.Text(),
            sa.Computed(
                "lower(name || ' ' || description || ' ' || who_for || ' ' || differs)", persisted=True
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "area_basis <@ array['resident', 'registered', 'present', 'anywhere']::text[]",
            name=op.f("ck_service_area_basis_known"),
        ),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_service_name_said")),
        sa.CheckConstraint("ending in ('by_worker', 'by_person')", name=op.f("ck_service_ending_known")),
        sa.CheckConstraint(
            "kind <> 'group' or status <> 'active' or (open_to_others and (contact_name is not null or phone is not null or email is not null))",
            name=op.f("ck_service_group_open"),
        ),
        sa.CheckConstraint(
            "kind <> 'scheme' or status <> 'active' or (btrim(who_for) <> '' and btrim(not_for) <> '' and btrim(differs) <> '' and support_type is not null and cardinality(routes_in) > 0 and ending is not null and cardinality(area_basis) > 0 and (capacity_limit is not null or open_places is not null or ask_first))",
            name=op.f("ck_service_scheme_complete"),
        ),
        sa.CheckConstraint(
            "kind in ('scheme', 'group', 'activity', 'advice', 'venue_offer')",
            name=op.f("ck_service_kind_known"),
        ),
        sa.CheckConstraint(
            "not ('self' = any(routes_in) and cardinality(routes_in) = 1) or invitation is not null",
            name=op.f("ck_service_self_only_has_invitation"),
        ),
        sa.CheckConstraint(
            "routes_in <@ array['professional', 'self', 'introduction', 'invitation']::text[]",
            name=op.f("ck_service_routes_in_known"),
        ),
        sa.CheckConstraint(
            "status in ('active', 'inactive', 'defunct', 'temporarily closed')",
            name=op.f("ck_service_status_known"),
        ),
        sa.CheckConstraint(
            "support_type in ('information', 'brief_support', 'sustained_one_to_one', 'accompanying', 'group_building')",
            name=op.f("ck_service_support_type_known"),
        ),
        sa.CheckConstraint("capacity_limit >= 0", name=op.f("ck_service_capacity_limit_counts")),
        sa.CheckConstraint(
            "declared_wait_days between 0 and 1000", name=op.f("ck_service_declared_wait_days_sane")
        ),
        sa.CheckConstraint("maximum_age >= minimum_age", name=op.f("ck_service_ages_in_order")),
        sa.CheckConstraint("maximum_age between 0 and 120", name=op.f("ck_service_maximum_age_years")),
        sa.CheckConstraint("minimum_age between 0 and 120", name=op.f("ck_service_minimum_age_years")),
        sa.CheckConstraint("not (paused and paused_until is not null)", name=op.f("ck_service_one_pause")),
        sa.CheckConstraint(
            "open_places >= 0 and open_places <= capacity_limit", name=op.f("ck_service_open_places_within")
        ),
        sa.CheckConstraint(
            "working_days <@ array[0,1,2,3,4,5,6]::smallint[]", name=op.f("ck_service_working_days_weekdays")
        ),
        sa.ForeignKeyConstraint(
            ["connector_role"], ["connector_role.code"], name=op.f("fk_service_connector_role_connector_role")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_service_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_service_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    op.create_index(
        "ix_service_listed",
        "service",
        ["place_id", "kind"],
        unique=False,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_index("ix_service_organization", "service", ["organization_id"], unique=False)
    op.create_index(
        "ix_service_words",
        "service",
        ["words"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.create_table(
        "sharing_agreement",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_a", sa.UUID(), nullable=False),
        sa.Column("organization_b", sa.UUID(), nullable=False),
        sa.Column("purposes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("signed_by_a", sa.Text(), nullable=False),
        sa.Column("signed_by_b", sa.Text(), nullable=False),
        sa.CheckConstraint("cardinality(purposes) > 0", name=op.f("ck_sharing_agreement_has_purpose")),
        sa.CheckConstraint("organization_a <> organization_b", name=op.f("ck_sharing_agreement_two_parties")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_sharing_agreement_in_order")),
        sa.ForeignKeyConstraint(
            ["organization_a"],
            ["organization.id"],
            name=op.f("fk_sharing_agreement_organization_a_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_b"],
            ["organization.id"],
            name=op.f("fk_sharing_agreement_organization_b_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_agreement")),
        sa.UniqueConstraint(
            "organization_a", "organization_b", "valid_from", name=op.f("uq_sharing_agreement_organization_a")
        ),
    )
    op.create_index("ix_sharing_agreement_b", "sharing_agreement", ["organization_b"], unique=False)
    op.create_table(
        "team",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), server_default=sa.text("'scheme'"), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_team_name_said")),
        sa.CheckConstraint(
            "kind <> 'duty_desk' or place_id is not null", name=op.f("ck_team_duty_desk_has_place")
        ),
        sa.CheckConstraint("kind in ('scheme', 'duty_desk')", name=op.f("ck_team_kind_known")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_team_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_team_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_index("ix_team_organization", "team", ["organization_id"], unique=False)
    op.create_index(
        "uq_team_duty_desk", "team", ["place_id"], unique=True, postgresql_where=sa.text("kind = 'duty_desk'")
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("link_worker_id", sa.UUID(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("cover_id", sa.UUID(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("link_worker_id"), "="),
            (sa.text("daterange(from_on, to_on, '[]')"), "&&"),
            using="gist",
            name="ex_absence_overlap",
        ),
        sa.CheckConstraint("cover_id <> link_worker_id", name=op.f("ck_absence_covered_by_another")),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_absence_in_order")),
        sa.ForeignKeyConstraint(
            ["cover_id"], ["link_worker.id"], name=op.f("fk_absence_cover_id_link_worker")
        ),
        sa.ForeignKeyConstraint(
            ["link_worker_id"],
            ["link_worker.id"],
            name=op.f("fk_absence_link_worker_id_link_worker"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_cover", "absence", ["cover_id"], unique=False)
    op.create_table(
        "api_client",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("team_id", sa.UUID(), nullable=True),
        sa.Column("roles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_api_client_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_api_client_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("client_id", name=op.f("uq_api_client_client_id")),
    )
    op.create_table(
        "link_worker_team",
        sa.Column("link_worker_id", sa.UUID(), nullable=False),
        sa.Column("team_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_worker_id"],
            ["link_worker.id"],
            name=op.f("fk_link_worker_team_link_worker_id_link_worker"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_link_worker_team_team_id_team"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("link_worker_id", "team_id", name=op.f("pk_link_worker_team")),
    )
    op.create_index("ix_link_worker_team_team", "link_worker_team", ["team_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("team_id", sa.UUID(), nullable=True),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_membership_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_membership_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(
        "ix_membership_organization",
        "membership",
        ["organization_id"],
        unique=False,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(
        "ix_membership_team",
        "membership",
        ["team_id"],
        unique=False,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(
        "uq_membership_current",
        "membership",
        ["account_id", "organization_id", "team_id", "role"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "service_area",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.CheckConstraint(
            "case when kind = 'practice' then code ~ '^[A-Z0-9]{3,9}$' else code ~ '^[EWSN][0-9]{8}$' end",
            name=op.f("ck_service_area_code_of_kind"),
        ),
        sa.CheckConstraint(
            "kind in ('authority', 'ward', 'lsoa', 'practice')", name=op.f("ck_service_area_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_area_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_area")),
        sa.UniqueConstraint("service_id", "kind", "code", name=op.f("uq_service_area_service_id")),
    )
    op.create_index("ix_service_area_code", "service_area", ["code", "kind"], unique=False)
    op.create_table(
        "service_at_location",
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("location_id", sa.UUID(), nullable=False),
        sa.Column("main", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_service_at_location_location_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_at_location_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "location_id", name=op.f("pk_service_at_location")),
    )
    op.create_index("ix_service_at_location_location", "service_at_location", ["location_id"], unique=False)
    op.create_index(
        "uq_service_at_location_main",
        "service_at_location",
        ["service_id"],
        unique=True,
        postgresql_where=sa.text("main"),
    )
    op.create_table(
        "service_term",
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("term_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_term_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["taxonomy_term.id"], name=op.f("fk_service_term_term_id_taxonomy_term")
        ),
        sa.PrimaryKeyConstraint("service_id", "term_id", name=op.f("pk_service_term")),
    )
    op.create_index("ix_service_term_term", "service_term", ["term_id", "service_id"], unique=False)
    op.create_table(
        "surgery_session",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("link_worker_id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("practice_ods", sa.String(length=9), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_surgery_session_in_order")),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_surgery_session_weekday_of_week")),
        sa.ForeignKeyConstraint(
            ["link_worker_id"],
            ["link_worker.id"],
            name=op.f("fk_surgery_session_link_worker_id_link_worker"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_surgery_session_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surgery_session")),
        sa.UniqueConstraint(
            "link_worker_id",
            "practice_ods",
            "weekday",
            "starts_at",
            name=op.f("uq_surgery_session_link_worker_id"),
        ),
    )
    op.create_index("ix_surgery_session_service", "surgery_session", ["service_id"], unique=False)
    op.create_table(
        "team_service",
        sa.Column("team_id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_team_service_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_team_service_team_id_team"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "service_id", name=op.f("pk_team_service")),
    )
    op.create_index("ix_team_service_service", "team_service", ["service_id"], unique=False)
    op.create_table(
        "verification",
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("field_group", sa.String(length=20), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_by", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.CheckConstraint("btrim(verified_by) <> ''", name=op.f("ck_verification_verified_by_said")),
        sa.CheckConstraint(
            "field_group in ('contact', 'eligibility', 'hours', 'capacity', 'description')",
            name=op.f("ck_verification_field_group_known"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_verification_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "field_group", name=op.f("pk_verification")),
    )
    op.create_table(
        "client_secret",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_client.id"], name=op.f("fk_client_secret_client_id_api_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_secret")),
    )
    op.create_index("ix_client_secret_client", "client_secret", ["client_id"], unique=False)
    _keep_logs_append_only()


def _keep_logs_append_only() -> None:
    for table in ("access_log", "access_seal"):
        for statement in append_only_sql(table):
            op.execute(statement)
    # What happened to an account may be forgotten, but only once it is old.
    op.execute(
        "create function refuse_young() returns trigger language plpgsql as $$ begin "
        "if tg_op = 'DELETE' and old.at < now() - interval '400 days' then return old; end if; "
        "raise exception '% is append-only', tg_table_name; end $$"
    )
    op.execute(
        "create trigger account_event_append_only before update or delete on account_event "
        "for each row execute function refuse_young()"
    )
    op.execute(
        "create trigger account_event_not_emptied before truncate on account_event "
        "for each statement execute function refuse_change()"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_client_secret_client", table_name="client_secret")
    op.drop_table("client_secret")
    op.drop_table("verification")
    op.drop_index("ix_team_service_service", table_name="team_service")
    op.drop_table("team_service")
    op.drop_index("ix_surgery_session_service", table_name="surgery_session")
    op.drop_table("surgery_session")
    op.drop_index("ix_service_term_term", table_name="service_term")
    op.drop_table("service_term")
    op.drop_index(
        "uq_service_at_location_main", table_name="service_at_location", postgresql_where=sa.text("main")
    )
    op.drop_index("ix_service_at_location_location", table_name="service_at_location")
    op.drop_table("service_at_location")
    op.drop_index("ix_service_area_code", table_name="service_area")
    op.drop_table("service_area")
    op.drop_index(
        "uq_membership_current",
        table_name="membership",
        postgresql_where=sa.text("ended_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index("ix_membership_team", table_name="membership", postgresql_where=sa.text("ended_at is null"))
    op.drop_index(
        "ix_membership_organization", table_name="membership", postgresql_where=sa.text("ended_at is null")
    )
    op.drop_table("membership")
    op.drop_index("ix_link_worker_team_team", table_name="link_worker_team")
    op.drop_table("link_worker_team")
    op.drop_table("api_client")
    op.drop_index("ix_absence_cover", table_name="absence")
    op.drop_table("absence")
    op.drop_index("uq_team_duty_desk", table_name="team", postgresql_where=sa.text("kind = 'duty_desk'"))
    op.drop_index("ix_team_organization", table_name="team")
    op.drop_table("team")
    op.drop_index("ix_sharing_agreement_b", table_name="sharing_agreement")
    op.drop_table("sharing_agreement")
    op.drop_index(
        "ix_service_words",
        table_name="service",
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.drop_index("ix_service_organization", table_name="service")
    op.drop_index("ix_service_listed", table_name="service", postgresql_where=sa.text("status = 'active'"))
    op.drop_table("service")
    op.drop_index("ix_organization_identifier_organization", table_name="organization_identifier")
    op.drop_table("organization_identifier")
    op.drop_table("location")
    op.drop_index(
        "ix_link_worker_words",
        table_name="link_worker",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.drop_index("ix_link_worker_host", table_name="link_worker")
    op.drop_index("ix_link_worker_employer", table_name="link_worker")
    op.drop_table("link_worker")
    op.drop_index("ix_browser_session_account", table_name="browser_session")
    op.drop_table("browser_session")
    op.drop_index("ix_action_link_organization", table_name="action_link")
    op.drop_index("ix_action_link_account", table_name="action_link")
    op.drop_table("action_link")
    op.drop_index("ix_taxonomy_term_order", table_name="taxonomy_term")
    op.drop_table("taxonomy_term")
    op.drop_table("recovery_code")
    op.drop_table("pending_sign_in")
    op.drop_index(
        "ix_organization_words",
        table_name="organization",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.drop_index("ix_organization_place", table_name="organization")
    op.drop_table("organization")
    op.drop_table("neighbour")
    op.drop_table("emergency_number")
    op.drop_index("ix_account_event_account", table_name="account_event")
    op.drop_table("account_event")
    op.drop_table("taxonomy")
    op.drop_table("signing_key")
    op.drop_table("sign_in_attempt")
    op.drop_table("session_seen")
    op.drop_table("sector")
    op.drop_table("routing_epoch")
    op.drop_table("routing_change")
    op.drop_index("ix_postcode_authority", table_name="postcode")
    op.drop_table("postcode")
    op.drop_table("place")
    op.drop_index("ix_outbox_waiting", table_name="outbox", postgresql_where=sa.text("relayed_at is null"))
    op.drop_table("outbox")
    op.drop_table("inbox")
    op.drop_table("idempotency")
    op.drop_table("connector_role")
    op.drop_table("area")
    op.drop_index("uq_account_email", table_name="account")
    op.drop_table("account")
    op.drop_table("access_seal")
    op.drop_table("access_log")
    op.execute("drop function refuse_young")
    op.execute("drop function refuse_change")
