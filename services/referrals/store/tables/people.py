"""One organisation's record of a person, and the ways to reach them with what they said is safe.

Nothing here is shared between organisations: each has its own row for the same person, and its own answers.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.store.table import Table


class PersonRecord(Table):
    """A person as one organisation told of them, once. Everything but the organisation may be unknown.

    Written once and never filled in afterwards, for a later referral's details are not for those who see an
    earlier one. `organization_id` is null for people who referred themselves. `search_name` is the folded
    names, for finding; `number_key` and `names_key` are HMACs that find the records of one person inside the
    organisation.
    There is no unique index on the NHS number: mistyped ones occur.
    """

    __tablename__ = "person_record"
    __table_args__ = (
        Index(
            "ix_person_record_search",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        Index("ix_person_record_number", "organization_id", "number_key"),
        Index("ix_person_record_names", "organization_id", "names_key"),
        CheckConstraint("age_estimate between 0 and 130", name="age_estimate"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organization_id: Mapped[UUID | None]
    given_name: Mapped[str | None] = mapped_column(Text)
    family_name: Mapped[str | None] = mapped_column(Text)
    search_name: Mapped[str] = mapped_column(Text, server_default=text("''"))
    date_of_birth: Mapped[date | None]
    age_estimate: Mapped[int | None]
    age_estimated_on: Mapped[date | None]
    nhs_number: Mapped[str | None] = mapped_column(String(10))
    postcode: Mapped[str | None] = mapped_column(String(8))
    no_fixed_abode: Mapped[bool] = mapped_column(server_default=text("false"))
    address_lines: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    language: Mapped[str | None] = mapped_column(String(35))
    access_needs: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    gp_practice_ods: Mapped[str | None] = mapped_column(String(9))
    number_key: Mapped[str | None] = mapped_column(String(64))
    names_key: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ContactPointRow(Table):
    """One way to reach a person. `safe` is false unless somebody asked and the person said yes.

    `asked` tells "said no" from "not asked": both mean no.
    """

    __tablename__ = "contact_point"
    __table_args__ = (
        Index("ix_contact_point_referral", "referral_id"),
        CheckConstraint("channel in ('phone','text','email','post','visit','via')", name="channel"),
        CheckConstraint("asked or not (safe or voicemail or caller_id)", name="not_asked_means_no"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person_record.id"))
    # Contact answers are those given with one referral: asked again each time, never carried over.
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    place_in_list: Mapped[int]
    channel: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(Text)
    asked: Mapped[bool] = mapped_column(server_default=text("false"))
    safe: Mapped[bool] = mapped_column(server_default=text("false"))
    voicemail: Mapped[bool] = mapped_column(server_default=text("false"))
    caller_id: Mapped[bool] = mapped_column(server_default=text("false"))
    hours: Mapped[str | None] = mapped_column(Text)
    code_word: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime | None]
