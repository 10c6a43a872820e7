"""Organisations, what others call them, and the agreements under which two of them may exchange."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.directory.domain.listings import IncomeBand, OrganizationStatus
from services.directory.domain.ods import ODS_SCHEME
from services.directory.store.constraints import not_blank, one_of
from services.directory.store.routing_marks import Mark, Routed
from services.directory.store.table import Table

# org-id.guide scheme codes.
ODS = ODS_SCHEME
CHARITY = "GB-CHC"
# Not of org-id.guide: the short name an operator's own files call an organisation by.
OWN_KEY = "LINKWORK"


class Organization(Routed, Table):
    """HSDS `organization`: any body, from a police force to an informal group.

    `host_id` is the body that holds money or staff for one too small to do so; `parent_id` its umbrella.
    """

    __tablename__ = "organization"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(Text)
    alternate_name: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    sector: Mapped[str] = mapped_column(ForeignKey("sector.code"))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    income_band: Mapped[str | None] = mapped_column(String(10))
    email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    website: Mapped[str | None] = mapped_column(Text)
    logo: Mapped[str | None] = mapped_column(Text)
    uri: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    postal_code: Mapped[str | None] = mapped_column(String(8))
    email_domains: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"), default=list)
    host_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"))
    status: Mapped[str] = mapped_column(
        String(10), server_default=text("'active'"), default=OrganizationStatus.ACTIVE
    )
    closed_on: Mapped[date | None] = mapped_column(Date)
    last_modified: Mapped[datetime]
    identifiers: Mapped[list[OrganizationIdentifier]] = relationship(
        cascade="all, delete-orphan", lazy="raise"
    )

    __table_args__ = (
        not_blank("name"),
        one_of("status", OrganizationStatus),
        one_of("income_band", IncomeBand),
        CheckConstraint("host_id <> id", name="not_own_host"),
        CheckConstraint("parent_id <> id", name="not_own_parent"),
        CheckConstraint("closed_on is null or status = 'closed'", name="closed_on_closed"),
        Index("ix_organization_place", "place_id", "sector"),
        Index(
            "ix_organization_words", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}
        ),
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """Itself."""
        return (Mark("organization", str(self.id)),)


class OrganizationIdentifier(Routed, Table):
    """HSDS `organization_identifier`; `scheme` is an org-id.guide code, GB-NHS for an ODS code."""

    __tablename__ = "organization_identifier"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    scheme: Mapped[str] = mapped_column(String(20))
    identifier: Mapped[str] = mapped_column(String(40))

    __table_args__ = (
        UniqueConstraint("scheme", "identifier"),
        Index("ix_organization_identifier_organization", "organization_id"),
        CheckConstraint("scheme <> 'GB-NHS' or identifier ~ '^[A-Z0-9]{3,9}$'", name="ods_code"),
        CheckConstraint("scheme <> 'GB-CHC' or identifier ~ '^[0-9]{6,7}(-[0-9]+)?$'", name="charity_number"),
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """The organisation it names."""
        return (Mark("organization", str(self.organization_id)),)


class OrganizationTerm(Table):
    """A taxonomy term said of an organisation (HSDS `attribute`)."""

    __tablename__ = "organization_term"

    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True
    )
    term_id: Mapped[UUID] = mapped_column(ForeignKey("taxonomy_term.id"), primary_key=True)

    __table_args__ = (Index("ix_organization_term_term", "term_id"),)


class SharingAgreement(Routed, Table):
    """Two organisations may exchange for these purposes, from and until these days (both included)."""

    __tablename__ = "sharing_agreement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organization_a: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    organization_b: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    purposes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    signed_by_a: Mapped[str] = mapped_column(Text)
    signed_by_b: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("organization_a", "organization_b", "valid_from"),
        CheckConstraint("organization_a <> organization_b", name="two_parties"),
        CheckConstraint("cardinality(purposes) > 0", name="has_purpose"),
        CheckConstraint("valid_until >= valid_from", name="in_order"),
        Index("ix_sharing_agreement_b", "organization_b"),
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """Itself."""
        return (Mark("agreement", str(self.id)),)
