"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.audit import append_only_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


OPEN = "status in ('accepted', 'in-progress', 'on-hold', 'received', 'requested')"
CLOSED = "status in ('cancelled', 'completed', 'entered-in-error', 'failed', 'rejected')"
WORKED = "status in ('accepted', 'in-progress', 'on-hold')"
APPEND_ONLY = ("move", "access_log", "access_seal")


def upgrade() -> None:
    """The first tables."""
    op.execute("create extension if not exists pg_trgm")
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
        "directory_item",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_directory_item")),
    )
    op.create_index("ix_directory_item_version", "directory_item", ["version"], unique=False)
    op.create_table(
        "directory_postcode",
        sa.Column("postcode", sa.String(length=8), nullable=False),
        sa.Column("authority", sa.String(length=9), nullable=True),
        sa.Column("authority_name", sa.String(length=100), nullable=True),
        sa.Column("ward", sa.String(length=9), nullable=True),
        sa.Column("ward_name", sa.String(length=100), nullable=True),
        sa.Column("lsoa", sa.String(length=9), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("postcode", name=op.f("pk_directory_postcode")),
    )
    op.create_table(
        "directory_state",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("waits_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_directory_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_state")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_account", "draft", ["account_id", "updated_at"], unique=False)
    op.create_index("ix_draft_updated_at", "draft", ["updated_at"], unique=False)
    op.create_table(
        "feed",
        sa.Column("producer", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=200), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("producer", name=op.f("pk_feed")),
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
        "measured_wait",
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("median_days", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("open_now", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_measured_wait")),
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
        "person_record",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=True),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("family_name", sa.Text(), nullable=True),
        sa.Column("search_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("age_estimate", sa.Integer(), nullable=True),
        sa.Column("age_estimated_on", sa.Date(), nullable=True),
        sa.Column("nhs_number", sa.String(length=10), nullable=True),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("no_fixed_abode", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "address_lines", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column(
            "access_needs", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("gp_practice_ods", sa.String(length=9), nullable=True),
        sa.Column("number_key", sa.String(length=64), nullable=True),
        sa.Column("names_key", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("age_estimate between 0 and 130", name=op.f("ck_person_record_age_estimate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_record")),
    )
    op.create_index("ix_person_record_names", "person_record", ["organization_id", "names_key"], unique=False)
    op.create_index(
        "ix_person_record_number", "person_record", ["organization_id", "number_key"], unique=False
    )
    op.create_index(
        "ix_person_record_search",
        "person_record",
        ["search_name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.create_table(
        "session_seen",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_session_seen")),
    )
    op.create_table(
        "trusted_key",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("jwk", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_trusted_key")),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("sender_org_id", sa.UUID(), nullable=True),
        sa.Column("sender_sector", sa.String(length=20), nullable=True),
        sa.Column("author_id", sa.UUID(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=True),
        sa.Column("author_kind", sa.String(length=10), server_default=sa.text("'person'"), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("external_source", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("referrer_name", sa.Text(), nullable=True),
        sa.Column("referrer_role", sa.Text(), nullable=True),
        sa.Column("referrer_email", sa.Text(), nullable=True),
        sa.Column("route_in", sa.String(length=12), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("what_matters", sa.Text(), nullable=True),
        sa.Column("priority", sa.String(length=8), nullable=False),
        sa.Column("priority_reason", sa.Text(), nullable=True),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("crisis_words", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("wanted_from", sa.Date(), nullable=True),
        sa.Column("residence_postcode", sa.String(length=8), nullable=True),
        sa.Column("residence_from", sa.Date(), nullable=True),
        sa.Column(
            "answers",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("safeguarding", sa.String(length=10), nullable=False),
        sa.Column("lawful_basis", sa.String(length=24), nullable=False),
        sa.Column("restricted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "restricted_to", postgresql.ARRAY(sa.UUID()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("target_service_id", sa.UUID(), nullable=True),
        sa.Column("service_id", sa.UUID(), nullable=True),
        sa.Column("routing_state", sa.String(length=8), nullable=False),
        sa.Column("routing", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("routed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_version", sa.BigInteger(), nullable=True),
        sa.Column("discreet", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("ending", sa.String(length=10), server_default=sa.text("'by_worker'"), nullable=False),
        sa.Column("attempts_needed", sa.SmallInteger(), server_default=sa.text("3"), nullable=False),
        sa.Column("received_team_id", sa.UUID(), nullable=False),
        sa.Column("owner_org_id", sa.UUID(), nullable=True),
        sa.Column("owner_team_id", sa.UUID(), nullable=True),
        sa.Column("assignee_id", sa.UUID(), nullable=True),
        sa.Column("next_action_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_action_by", sa.String(length=6), server_default=sa.text("'team'"), nullable=False),
        sa.Column("escalated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("held_from", sa.String(length=20), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("question_open", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("taken_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts_made", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=12), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number_key", sa.String(length=64), nullable=True),
        sa.Column("names_key", sa.String(length=64), nullable=True),
        sa.Column("separate_from_id", sa.UUID(), nullable=True),
        sa.Column("separate_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "lawful_basis in ('public_task', 'legitimate_interests', 'explicit_consent', 'vital_interests')",
            name=op.f("ck_referral_lawful_basis"),
        ),
        sa.CheckConstraint("next_action_by in ('team', 'sender')", name=op.f("ck_referral_next_action_by")),
        sa.CheckConstraint(
            f"not ({WORKED}) or assignee_id is not null", name=op.f("ck_referral_worked_by_somebody")
        ),
        sa.CheckConstraint(
            f"not ({OPEN}) or (owner_team_id is not null and next_action_at is not null)",
            name=op.f("ck_referral_open_is_owned"),
        ),
        sa.CheckConstraint("priority in ('routine', 'sooner')", name=op.f("ck_referral_priority")),
        sa.CheckConstraint(
            "route_in in ('professional', 'introduction', 'self', 'invitation')",
            name=op.f("ck_referral_route_in"),
        ),
        sa.CheckConstraint(
            "routing_state in ('routed', 'chosen', 'unrouted')", name=op.f("ck_referral_routing_state")
        ),
        sa.CheckConstraint(
            "safeguarding in ('yes', 'no', 'not_known')", name=op.f("ck_referral_safeguarding")
        ),
        sa.CheckConstraint(
            "status <> 'on-hold' or review_on is not null", name=op.f("ck_referral_hold_has_review")
        ),
        sa.CheckConstraint(f"{OPEN} = (closed_at is null)", name=op.f("ck_referral_closed_at")),
        sa.CheckConstraint(f"{OPEN} or {CLOSED}", name=op.f("ck_referral_status")),
        sa.CheckConstraint(
            "(external_source is null) = (external_id is null)", name=op.f("ck_referral_external")
        ),
        sa.CheckConstraint("urgency between 0 and 2", name=op.f("ck_referral_urgency")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person_record.id"], name=op.f("fk_referral_person_id_person_record")
        ),
        sa.ForeignKeyConstraint(
            ["separate_from_id"], ["referral.id"], name=op.f("fk_referral_separate_from_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("reference", name="uq_referral_reference"),
    )
    op.create_index(
        "ix_referral_asked",
        "referral",
        ["sender_org_id", "next_action_at"],
        unique=False,
        postgresql_where=sa.text(f"question_open and {OPEN}"),
    )
    op.create_index(
        "ix_referral_caseload",
        "referral",
        ["assignee_id", "urgency", "next_action_at", "id"],
        unique=False,
        postgresql_where=sa.text(f"{WORKED}"),
    )
    op.create_index("ix_referral_person", "referral", ["person_id"], unique=False)
    op.create_index(
        "ix_referral_queue",
        "referral",
        ["owner_team_id", "urgency", "next_action_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'received'"),
    )
    op.create_index("ix_referral_sent", "referral", ["sender_org_id", "submitted_at", "id"], unique=False)
    op.create_index(
        "ix_referral_started",
        "referral",
        ["service_id", "first_contact_at"],
        unique=False,
        postgresql_where=sa.text("first_contact_at is not null"),
    )
    op.create_index(
        "ix_referral_team_closed",
        "referral",
        ["owner_team_id", "closed_at"],
        unique=False,
        postgresql_where=sa.text(f"{CLOSED}"),
    )
    op.create_index(
        "ix_referral_team_work",
        "referral",
        ["owner_team_id", "urgency", "next_action_at", "id"],
        unique=False,
        postgresql_where=sa.text(f"{WORKED}"),
    )
    op.create_index(
        "ix_referral_unrouted",
        "referral",
        ["place_id", "urgency", "next_action_at", "id"],
        unique=False,
        postgresql_where=sa.text("routing_state = 'unrouted' and status = 'received'"),
    )
    op.create_index(
        "uq_referral_external",
        "referral",
        ["client", "external_source", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id is not null"),
    )
    op.create_index(
        "uq_referral_open_names",
        "referral",
        ["names_key"],
        unique=True,
        postgresql_where=sa.text(f"{OPEN} and separate_from_id is null"),
    )
    op.create_index(
        "uq_referral_open_number",
        "referral",
        ["number_key"],
        unique=True,
        postgresql_where=sa.text(f"{OPEN} and separate_from_id is null"),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("recipient", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose in ('share_referral', 'know_of_each_other', 'feedback_to_sender', 'feedback_to_gp')",
            name=op.f("ck_agreement_purpose"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_agreement_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index("ix_agreement_referral", "agreement", ["referral_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("length", sa.SmallInteger(), nullable=True),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_id", sa.UUID(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length between 0 and 1440", name=op.f("ck_contact_length")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_contact_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_referral", "contact", ["referral_id"], unique=False)
    op.create_table(
        "contact_point",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("place_in_list", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("asked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("safe", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("voicemail", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("caller_id", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("code_word", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel in ('phone','text','email','post','visit','via')", name=op.f("ck_contact_point_channel")
        ),
        sa.CheckConstraint(
            "asked or not (safe or voicemail or caller_id)", name=op.f("ck_contact_point_not_asked_means_no")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person_record.id"], name=op.f("fk_contact_point_person_id_person_record")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_contact_point_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
    )
    op.create_index("ix_contact_point_referral", "contact_point", ["referral_id"], unique=False)
    op.create_table(
        "move",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("from_status", sa.String(length=20), nullable=False),
        sa.Column("to_status", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.UUID(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=True),
        sa.Column("by_org_id", sa.UUID(), nullable=True),
        sa.Column("by_kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=True),
        sa.Column("outside", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("team_id", sa.UUID(), nullable=True),
        sa.Column("assignee_id", sa.UUID(), nullable=True),
        sa.Column("next_action_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_by_before", sa.String(length=6), nullable=True),
        sa.Column("event_id", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_move_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
    )
    op.create_index("ix_move_referral", "move", ["referral_id", "id"], unique=False)
    op.create_table(
        "outcome",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("need", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_outcome_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("referral_id", "need", name="uq_outcome_need"),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.UUID(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.UUID(), nullable=True),
        sa.Column("answered_by_name", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_question_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index("ix_question_referral", "question", ["referral_id"], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_sql(table):
            op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_question_referral", table_name="question")
    op.drop_table("question")
    op.drop_table("outcome")
    op.drop_index("ix_move_referral", table_name="move")
    op.drop_table("move")
    op.drop_index("ix_contact_point_referral", table_name="contact_point")
    op.drop_table("contact_point")
    op.drop_index("ix_contact_referral", table_name="contact")
    op.drop_table("contact")
    op.drop_index("ix_agreement_referral", table_name="agreement")
    op.drop_table("agreement")
    op.drop_index(
        "uq_referral_open_number",
        table_name="referral",
        postgresql_where=sa.text(f"{OPEN} and separate_from_id is null"),
    )
    op.drop_index(
        "uq_referral_open_names",
        table_name="referral",
        postgresql_where=sa.text(f"{OPEN} and separate_from_id is null"),
    )
    op.drop_index(
        "uq_referral_external", table_name="referral", postgresql_where=sa.text("external_id is not null")
    )
    op.drop_index(
        "ix_referral_unrouted",
        table_name="referral",
        postgresql_where=sa.text("routing_state = 'unrouted' and status = 'received'"),
    )
    op.drop_index("ix_referral_team_work", table_name="referral", postgresql_where=sa.text(f"{WORKED}"))
    op.drop_index("ix_referral_team_closed", table_name="referral", postgresql_where=sa.text(f"{CLOSED}"))
    op.drop_index(
        "ix_referral_started", table_name="referral", postgresql_where=sa.text("first_contact_at is not null")
    )
    op.drop_index("ix_referral_sent", table_name="referral")
    op.drop_index("ix_referral_queue", table_name="referral", postgresql_where=sa.text("status = 'received'"))
    op.drop_index("ix_referral_person", table_name="referral")
    op.drop_index("ix_referral_caseload", table_name="referral", postgresql_where=sa.text(f"{WORKED}"))
    op.drop_index(
        "ix_referral_asked", table_name="referral", postgresql_where=sa.text(f"question_open and {OPEN}")
    )
    op.drop_table("referral")
    op.drop_table("trusted_key")
    op.drop_table("session_seen")
    op.drop_index(
        "ix_person_record_search",
        table_name="person_record",
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.drop_index("ix_person_record_number", table_name="person_record")
    op.drop_index("ix_person_record_names", table_name="person_record")
    op.drop_table("person_record")
    op.drop_index("ix_outbox_waiting", table_name="outbox", postgresql_where=sa.text("relayed_at is null"))
    op.drop_table("outbox")
    op.drop_table("measured_wait")
    op.drop_table("inbox")
    op.drop_table("idempotency")
    op.drop_table("feed")
    op.drop_index("ix_draft_updated_at", table_name="draft")
    op.drop_index("ix_draft_account", table_name="draft")
    op.drop_table("draft")
    op.drop_table("directory_state")
    op.drop_table("directory_postcode")
    op.drop_index("ix_directory_item_version", table_name="directory_item")
    op.drop_table("directory_item")
    op.drop_table("access_seal")
    op.drop_table("access_log")
    op.execute("drop function if exists refuse_change()")
