"""What a listing says besides itself: costs, contacts, telephones, drawn areas, and texts for its readers.

`position` is the order in which the parts of one service are shown.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.domain.listings import Audience
from services.directory.store.constraints import not_blank, one_of
from services.directory.store.services import OfService
from services.directory.store.table import Table

_EMPTY = text("'{}'")


class CostOption(OfService, Table):
    """HSDS `cost_option`; `amount` is in pounds where `currency` (ISO 4217) says nothing else."""

    __tablename__ = "cost_option"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    option: Mapped[str | None] = mapped_column(Text)
    amount: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    amount_description: Mapped[str | None] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(String(3), server_default=text("'GBP'"), default="GBP")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_counts"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        CheckConstraint("num_nonnulls(option, amount, amount_description) > 0", name="says_something"),
        CheckConstraint("valid_to >= valid_from", name="in_order"),
        UniqueConstraint("service_id", "position"),
    )


class Contact(OfService, Table):
    """HSDS `contact` of a service, besides the one in the service's own row."""

    __tablename__ = "contact"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    department: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("num_nonnulls(name, title, department, email) > 0", name="says_something"),
        UniqueConstraint("service_id", "position"),
    )


class Phone(OfService, Table):
    """HSDS `phone` of a service, or of one of its contacts; `languages` are those it is answered in."""

    __tablename__ = "phone"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(Text)
    extension: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[str | None] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_EMPTY, default=list)

    __table_args__ = (
        not_blank("number"),
        UniqueConstraint("service_id", "position"),
        Index("ix_phone_contact", "contact_id"),
    )


class ServicePolygon(OfService, Table):
    """HSDS `service_area` drawn on a map: `extent` is a GeoJSON Polygon or MultiPolygon, WGS 84."""

    __tablename__ = "service_polygon"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(Text)
    extent: Mapped[dict[str, Any]]

    __table_args__ = (not_blank("name"), UniqueConstraint("service_id", "position"))


class ServicePostcode(OfService, Table):
    """A postcode inside a polygon of the service, found when the polygon was saved (`domain/polygons.py`)."""

    __tablename__ = "service_postcode"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    postcode: Mapped[str] = mapped_column(String(8), primary_key=True)

    __table_args__ = (Index("ix_service_postcode_postcode", "postcode", "service_id"),)


class Narrative(Table):
    """A plain text about a service for one audience, version by version; the last version holds.

    `signed_by` are the organisations that stand by it, to be looked at again on `review_on`.
    """

    __tablename__ = "narrative"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=_EMPTY, default=list)
    review_on: Mapped[date] = mapped_column(Date)
    written_by: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]

    __table_args__ = (
        one_of("audience", Audience),
        not_blank("text"),
        CheckConstraint("version > 0", name="version_counts"),
    )
