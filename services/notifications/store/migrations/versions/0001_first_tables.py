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


def upgrade() -> None:
    """The first tables."""
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
        "caught_letter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.String(length=320), nullable=False),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "headers",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caught_letter")),
        sa.UniqueConstraint("message_id", name=op.f("uq_caught_letter_message_id")),
    )
    op.create_index("ix_caught_letter_received", "caught_letter", ["received_at", "id"], unique=False)
    op.create_table(
        "feed",
        sa.Column("producer", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=200), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("producer", name=op.f("pk_feed")),
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
        "message",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("event_type", sa.String(length=80), nullable=False),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=True),
        sa.Column("reference", sa.String(length=24), server_default="", nullable=False),
        sa.Column("restricted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("link_id", sa.UUID(), nullable=True),
        sa.Column("organization_id", sa.UUID(), nullable=True),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("recipient_kind", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=60), server_default="", nullable=False),
        sa.Column("path", sa.String(length=200), server_default="", nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.String(length=100), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("letter_id", sa.String(length=320), nullable=False),
        sa.Column("told_name", sa.String(length=200), nullable=True),
        sa.Column("told_address", sa.String(length=320), nullable=True),
        sa.Column("sealed_url", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(status = 'sending') = (lease_until is not null and leased_by is not null)",
            name=op.f("ck_message_lease"),
        ),
        sa.CheckConstraint(
            "status in ('queued', 'held', 'sending', 'sent', 'delivered', 'failed', 'cancelled')",
            name=op.f("ck_message_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("source", "event_id", "recipient", "channel", name="uq_message_once"),
    )
    op.create_index(
        "ix_message_due",
        "message",
        ["priority", "due_at"],
        unique=False,
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index(
        "ix_message_failed",
        "message",
        ["organization_id"],
        unique=False,
        postgresql_where=sa.text("status = 'failed'"),
    )
    op.create_index(
        "ix_message_leased",
        "message",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("status = 'sending'"),
    )
    op.create_index(
        "ix_message_organization", "message", ["organization_id", "queued_at", "id"], unique=False
    )
    op.create_index("ix_message_referral", "message", ["referral_id", "queued_at"], unique=False)
    op.create_table(
        "planning",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("event_type", sa.String(length=80), nullable=False),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=True),
        sa.Column("undoes", sa.String(length=64), nullable=True),
        sa.Column("link_id", sa.UUID(), nullable=True),
        sa.Column("account_id", sa.UUID(), nullable=True),
        sa.Column("notice", sa.String(length=40), nullable=True),
        sa.Column("hold_seconds", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'planned', 'nobody', 'overtaken', 'acted_on', 'unknown')",
            name=op.f("ck_planning_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning")),
        sa.UniqueConstraint("source", "event_id", name=op.f("uq_planning_source")),
    )
    op.create_index("ix_planning_received", "planning", ["received_at"], unique=False)
    op.create_index("ix_planning_referral", "planning", ["referral_id", "event_at"], unique=False)
    op.create_index(
        "ix_planning_unknown",
        "planning",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("state = 'unknown'"),
    )
    op.create_index(
        "ix_planning_waiting",
        "planning",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "preference",
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "template", "channel", name=op.f("pk_preference")),
    )
    op.create_table(
        "provider",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_provider")),
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
        "attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("answer", sa.String(length=300), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_attempt_message_id_message"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_message", "attempt", ["message_id", "id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=60), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_notice_message_id_message"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_account", "notice", ["account_id", "at", "message_id"], unique=False)
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("read_at is null"),
    )
    for table in ("access_log", "access_seal"):
        for statement in append_only_sql(table):
            op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_notice_unread", table_name="notice", postgresql_where=sa.text("read_at is null"))
    op.drop_index("ix_notice_account", table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_attempt_message", table_name="attempt")
    op.drop_table("attempt")
    op.drop_table("trusted_key")
    op.drop_table("session_seen")
    op.drop_table("provider")
    op.drop_table("preference")
    op.drop_index("ix_planning_waiting", table_name="planning", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index("ix_planning_unknown", table_name="planning", postgresql_where=sa.text("state = 'unknown'"))
    op.drop_index("ix_planning_referral", table_name="planning")
    op.drop_index("ix_planning_received", table_name="planning")
    op.drop_table("planning")
    op.drop_index("ix_message_referral", table_name="message")
    op.drop_index("ix_message_organization", table_name="message")
    op.drop_index("ix_message_leased", table_name="message", postgresql_where=sa.text("status = 'sending'"))
    op.drop_index("ix_message_failed", table_name="message", postgresql_where=sa.text("status = 'failed'"))
    op.drop_index("ix_message_due", table_name="message", postgresql_where=sa.text("status = 'queued'"))
    op.drop_table("message")
    op.drop_table("inbox")
    op.drop_table("feed")
    op.drop_index("ix_caught_letter_received", table_name="caught_letter")
    op.drop_table("caught_letter")
    op.drop_table("access_seal")
    op.drop_table("access_log")
