"""The whole of a listing as HSDS 3 has it: schedules, costs, contacts, drawn areas, networks, texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LOCATION_RULES = {
    "location_type_known": "location_type in ('physical', 'postal', 'virtual')",
    "country_code": "country ~ '^[A-Z]{2}$'",
    "identifier_of_type": "(external_identifier is null) = (external_identifier_type is null)",
}
_NEW_COLUMNS = {
    "taxonomy_term": (
        "term_uri",
        "retired",
    ),
    "taxonomy": (
        "ours",
        "version",
    ),
    "service_at_location": ("id",),
    "service": (
        "funders",
        "interpretation_services",
        "hours",
        "free",
        "accreditations",
        "application_process",
        "alert",
        "alternate_name",
    ),
    "sector": ("retired",),
    "organization": (
        "uri",
        "logo",
        "alternate_name",
    ),
    "location": (
        "country",
        "state_province",
        "external_identifier_type",
        "external_identifier",
        "transportation",
        "description",
        "location_type",
    ),
    "link_worker": ("specialisms",),
    "connector_role": ("retired",),
}
_NEW_TABLES = (
    "phone",
    "open_hours",
    "service_postcode",
    "service_polygon",
    "schedule",
    "narrative",
    "link_worker_area",
    "cost_option",
    "contact",
    "accessibility",
    "organization_term",
    "practice_in_pcn",
    "pcn",
)


def upgrade() -> None:
    """Go forward."""
    _words_and_contacts()
    _areas_and_schedules()
    _hours_and_phones()
    _columns()
    _rules()


def _words_and_contacts() -> None:
    op.create_table(
        "pcn",
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_pcn_name_said")),
        sa.CheckConstraint("code ~ '^[A-Z0-9]{3,9}$'", name=op.f("ck_pcn_ods_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_pcn")),
    )
    op.create_table(
        "practice_in_pcn",
        sa.Column("practice_ods", sa.String(length=9), nullable=False),
        sa.Column("pcn_code", sa.String(length=9), nullable=False),
        sa.CheckConstraint("practice_ods ~ '^[A-Z0-9]{3,9}$'", name=op.f("ck_practice_in_pcn_ods_code")),
        sa.ForeignKeyConstraint(
            ["pcn_code"], ["pcn.code"], name=op.f("fk_practice_in_pcn_pcn_code_pcn"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practice_ods", name=op.f("pk_practice_in_pcn")),
    )
    op.create_index("ix_practice_in_pcn_pcn", "practice_in_pcn", ["pcn_code"], unique=False)
    op.create_table(
        "organization_term",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("term_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_term_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["taxonomy_term.id"], name=op.f("fk_organization_term_term_id_taxonomy_term")
        ),
        sa.PrimaryKeyConstraint("organization_id", "term_id", name=op.f("pk_organization_term")),
    )
    op.create_index("ix_organization_term_term", "organization_term", ["term_id"], unique=False)
    op.create_table(
        "accessibility",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("location_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("term_id", sa.UUID(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(term_id, description, details, url) > 0",
            name=op.f("ck_accessibility_says_something"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["location.id"],
            name=op.f("fk_accessibility_location_id_location"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["taxonomy_term.id"], name=op.f("fk_accessibility_term_id_taxonomy_term")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility")),
        sa.UniqueConstraint("location_id", "position", name=op.f("uq_accessibility_location_id")),
    )
    op.create_index("ix_accessibility_term", "accessibility", ["term_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(name, title, department, email) > 0", name=op.f("ck_contact_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_contact_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("service_id", "position", name=op.f("uq_contact_service_id")),
    )
    op.create_table(
        "cost_option",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("option", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("amount_description", sa.Text(), nullable=True),
        sa.Column("currency", sa.String(length=3), server_default=sa.text("'GBP'"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_cost_option_currency_code")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_cost_option_amount_counts")),
        sa.CheckConstraint(
            "num_nonnulls(option, amount, amount_description) > 0", name=op.f("ck_cost_option_says_something")
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_cost_option_in_order")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_cost_option_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_option")),
        sa.UniqueConstraint("service_id", "position", name=op.f("uq_cost_option_service_id")),
    )


def _areas_and_schedules() -> None:
    op.create_table(
        "link_worker_area",
        sa.Column("link_worker_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.CheckConstraint(
            "kind in ('authority', 'ward', 'lsoa', 'practice', 'pcn')",
            name=op.f("ck_link_worker_area_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["link_worker_id"],
            ["link_worker.id"],
            name=op.f("fk_link_worker_area_link_worker_id_link_worker"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("link_worker_id", "kind", "code", name=op.f("pk_link_worker_area")),
    )
    op.create_index("ix_link_worker_area_code", "link_worker_area", ["code", "kind"], unique=False)
    op.create_table(
        "narrative",
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signed_by", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "audience in ('referrer', 'link_worker', 'person')", name=op.f("ck_narrative_audience_known")
        ),
        sa.CheckConstraint("btrim(text) <> ''", name=op.f("ck_narrative_text_said")),
        sa.CheckConstraint("version > 0", name=op.f("ck_narrative_version_counts")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_narrative_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "audience", "version", name=op.f("pk_narrative")),
    )
    op.create_table(
        "schedule",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("location_id", sa.UUID(), nullable=True),
        sa.Column("freq", sa.String(length=10), nullable=True),
        sa.Column("interval", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("byday", sa.String(length=60), nullable=True),
        sa.Column("bymonthday", sa.String(length=120), nullable=True),
        sa.Column("dtstart", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("schedule_link", sa.Text(), nullable=True),
        sa.Column("attending_type", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.CheckConstraint("freq in ('WEEKLY', 'MONTHLY')", name=op.f("ck_schedule_freq_known")),
        sa.CheckConstraint(
            "interval = 1 or dtstart is not null", name=op.f("ck_schedule_interval_counts_from")
        ),
        sa.CheckConstraint("interval between 1 and 52", name=op.f("ck_schedule_interval_sane")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_schedule_in_order")),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["location.id"],
            name=op.f("fk_schedule_location_id_location"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_schedule_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("service_id", "position", name=op.f("uq_schedule_service_id")),
    )
    op.create_index("ix_schedule_location", "schedule", ["location_id"], unique=False)
    op.create_table(
        "service_polygon",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("extent", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_service_polygon_name_said")),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_polygon_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_polygon")),
        sa.UniqueConstraint("service_id", "position", name=op.f("uq_service_polygon_service_id")),
    )
    op.create_table(
        "service_postcode",
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("postcode", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_postcode_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "postcode", name=op.f("pk_service_postcode")),
    )
    op.create_index(
        "ix_service_postcode_postcode", "service_postcode", ["postcode", "service_id"], unique=False
    )


def _hours_and_phones() -> None:
    op.create_table(
        "open_hours",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("schedule_id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=True),
        sa.Column("nth", sa.SmallInteger(), nullable=True),
        sa.Column("month_day", sa.SmallInteger(), nullable=True),
        sa.Column("opens", sa.SmallInteger(), nullable=False),
        sa.Column("closes", sa.SmallInteger(), nullable=False),
        sa.Column("every", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("anchor", sa.Date(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.CheckConstraint("every = 1 or anchor is not null", name=op.f("ck_open_hours_every_counts_from")),
        sa.CheckConstraint(
            "month_day between 1 and 31 or month_day between -31 and -1",
            name=op.f("ck_open_hours_day_of_month"),
        ),
        sa.CheckConstraint("nth between 1 and 5 or nth = -1", name=op.f("ck_open_hours_nth_of_month")),
        sa.CheckConstraint(
            "num_nonnulls(weekday, month_day) = 1", name=op.f("ck_open_hours_one_kind_of_day")
        ),
        sa.CheckConstraint(
            "opens >= 0 and opens < closes and closes <= 1440", name=op.f("ck_open_hours_minutes_of_a_day")
        ),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_open_hours_weekday_of_week")),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedule.id"],
            name=op.f("fk_open_hours_schedule_id_schedule"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_open_hours_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_hours")),
    )
    op.create_index("ix_open_hours_schedule", "open_hours", ["schedule_id"], unique=False)
    op.create_index("ix_open_hours_service", "open_hours", ["service_id", "weekday"], unique=False)
    op.create_table(
        "phone",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("contact_id", sa.UUID(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("extension", sa.String(length=20), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint("btrim(number) <> ''", name=op.f("ck_phone_number_said")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_phone_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_phone_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone")),
        sa.UniqueConstraint("service_id", "position", name=op.f("uq_phone_service_id")),
    )
    op.create_index("ix_phone_contact", "phone", ["contact_id"], unique=False)


def _columns() -> None:
    op.add_column(
        "connector_role", sa.Column("retired", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "link_worker",
        sa.Column("specialisms", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column(
        "location",
        sa.Column(
            "location_type", sa.String(length=10), server_default=sa.text("'physical'"), nullable=False
        ),
    )
    op.add_column(
        "location", sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("location", sa.Column("transportation", sa.Text(), nullable=True))
    op.add_column("location", sa.Column("external_identifier", sa.String(length=40), nullable=True))
    op.add_column("location", sa.Column("external_identifier_type", sa.String(length=20), nullable=True))
    op.add_column("location", sa.Column("state_province", sa.Text(), nullable=True))
    op.add_column(
        "location", sa.Column("country", sa.String(length=2), server_default=sa.text("'GB'"), nullable=False)
    )
    op.create_index("ix_location_external_identifier", "location", ["external_identifier"], unique=False)
    op.create_index("ix_location_organization", "location", ["organization_id"], unique=False)
    op.add_column("organization", sa.Column("alternate_name", sa.Text(), nullable=True))
    op.add_column("organization", sa.Column("logo", sa.Text(), nullable=True))
    op.add_column("organization", sa.Column("uri", sa.Text(), nullable=True))
    op.add_column(
        "sector", sa.Column("retired", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("service", sa.Column("alternate_name", sa.Text(), nullable=True))
    op.add_column("service", sa.Column("alert", sa.Text(), nullable=True))
    op.add_column("service", sa.Column("application_process", sa.Text(), nullable=True))
    op.add_column("service", sa.Column("accreditations", sa.Text(), nullable=True))
    op.add_column("service", sa.Column("free", sa.Boolean(), nullable=True))
    op.add_column("service", sa.Column("hours", sa.Text(), nullable=True))
    op.add_column("service", sa.Column("interpretation_services", sa.Text(), nullable=True))
    op.add_column(
        "service",
        sa.Column("funders", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column(
        "service_at_location",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.create_unique_constraint(op.f("uq_service_at_location_id"), "service_at_location", ["id"])
    op.add_column("taxonomy", sa.Column("version", sa.Text(), nullable=True))
    op.add_column(
        "taxonomy", sa.Column("ours", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "taxonomy_term", sa.Column("retired", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("taxonomy_term", sa.Column("term_uri", sa.Text(), nullable=True))
    op.create_index("ix_taxonomy_term_parent", "taxonomy_term", ["parent_id"], unique=False)


def _rules() -> None:
    op.drop_constraint(op.f("ck_service_area_kind_known"), "service_area", type_="check")
    op.create_check_constraint(
        op.f("ck_service_area_kind_known"),
        "service_area",
        "kind in ('authority', 'ward', 'lsoa', 'practice', 'pcn')",
    )
    op.drop_constraint(op.f("ck_service_area_code_of_kind"), "service_area", type_="check")
    op.create_check_constraint(
        op.f("ck_service_area_code_of_kind"),
        "service_area",
        "case when kind in ('practice', 'pcn') then code ~ '^[A-Z0-9]{3,9}$'"
        " else code ~ '^[EWSN][0-9]{8}$' end",
    )
    for name, rule in _LOCATION_RULES.items():
        op.create_check_constraint(op.f(f"ck_location_{name}"), "location", rule)
    op.create_check_constraint(op.f("ck_taxonomy_term_not_own_parent"), "taxonomy_term", "parent_id <> id")
    op.execute("update taxonomy set ours = true")


def downgrade() -> None:
    """Go back. What only the new columns said is lost."""
    op.drop_constraint(op.f("ck_taxonomy_term_not_own_parent"), "taxonomy_term", type_="check")
    for name in _LOCATION_RULES:
        op.drop_constraint(op.f(f"ck_location_{name}"), "location", type_="check")
    op.execute("delete from service_area where kind = 'pcn'")
    op.drop_constraint(op.f("ck_service_area_code_of_kind"), "service_area", type_="check")
    op.create_check_constraint(
        op.f("ck_service_area_code_of_kind"),
        "service_area",
        "case when kind = 'practice' then code ~ '^[A-Z0-9]{3,9}$' else code ~ '^[EWSN][0-9]{8}$' end",
    )
    op.drop_constraint(op.f("ck_service_area_kind_known"), "service_area", type_="check")
    op.create_check_constraint(
        op.f("ck_service_area_kind_known"),
        "service_area",
        "kind in ('authority', 'ward', 'lsoa', 'practice')",
    )
    op.drop_index("ix_taxonomy_term_parent", table_name="taxonomy_term")
    op.drop_index("ix_location_organization", table_name="location")
    op.drop_index("ix_location_external_identifier", table_name="location")
    for table, columns in _NEW_COLUMNS.items():
        for column in columns:
            op.drop_column(table, column)
    for table in _NEW_TABLES:
        op.drop_table(table)
