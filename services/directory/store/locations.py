"""Where services are found: a venue, its address, how to get in, and which services use it."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.directory.domain.listings import LocationType
from services.directory.store.constraints import not_blank, one_of
from services.directory.store.routing_marks import Mark, Routed
from services.directory.store.services import OfService
from services.directory.store.table import Table


class Location(Routed, Table):
    """HSDS `location` with its address. `private` (a refuge) never leaves the directory, nor does its
    neighbourhood: no page, API, feed, snapshot, distance or map has it.

    Degrees are WGS 84; `country` is ISO 3166-1 alpha-2. `external_identifier_type` is such as `UPRN`.
    """

    __tablename__ = "location"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    location_type: Mapped[str] = mapped_column(
        String(10), server_default=text("'physical'"), default=LocationType.PHYSICAL
    )
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    transportation: Mapped[str | None] = mapped_column(Text)
    external_identifier: Mapped[str | None] = mapped_column(String(40))
    external_identifier_type: Mapped[str | None] = mapped_column(String(20))
    address_1: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    state_province: Mapped[str | None] = mapped_column(Text)
    postal_code: Mapped[str | None] = mapped_column(String(8))
    country: Mapped[str] = mapped_column(String(2), server_default=text("'GB'"), default="GB")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    private: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    used_by: Mapped[list[ServiceAtLocation]] = relationship(back_populates="location", lazy="select")

    __table_args__ = (
        not_blank("name"),
        one_of("location_type", LocationType),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_code"),
        CheckConstraint("latitude between -90 and 90", name="latitude_degrees"),
        CheckConstraint("longitude between -180 and 180", name="longitude_degrees"),
        CheckConstraint("(latitude is null) = (longitude is null)", name="whole_point"),
        CheckConstraint(
            "(external_identifier is null) = (external_identifier_type is null)", name="identifier_of_type"
        ),
        Index("ix_location_organization", "organization_id"),
        Index("ix_location_external_identifier", "external_identifier"),
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """Every service that is found here."""
        return tuple(Mark("service", str(use.service_id)) for use in self.used_by)


class Accessibility(Table):
    """HSDS `accessibility` of a location: one way in or around it; `term_id` names it where a term does."""

    __tablename__ = "accessibility"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    term_id: Mapped[UUID | None] = mapped_column(ForeignKey("taxonomy_term.id"))
    description: Mapped[str | None] = mapped_column(Text)
    details: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("location_id", "position"),
        CheckConstraint("num_nonnulls(term_id, description, details, url) > 0", name="says_something"),
        Index("ix_accessibility_term", "term_id"),
    )


class ServiceAtLocation(OfService, Table):
    """HSDS `service_at_location`; `main` is the one that distances are measured from."""

    __tablename__ = "service_at_location"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(default=uuid4, server_default=func.gen_random_uuid())
    main: Mapped[bool] = mapped_column(Boolean, server_default=text("true"), default=True)
    location: Mapped[Location] = relationship(back_populates="used_by", lazy="raise")

    __table_args__ = (
        UniqueConstraint("id"),
        Index("uq_service_at_location_main", "service_id", unique=True, postgresql_where=text("main")),
        Index("ix_service_at_location_location", "location_id"),
    )
