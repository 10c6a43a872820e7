"""What is offered to people: a link worker scheme, a group, an activity, advice; where, and for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.domain.capacity import Capacity
from services.directory.domain.listings import (
    AreaBasis,
    AreaKind,
    Ending,
    FieldGroup,
    RouteIn,
    ServiceKind,
    ServiceStatus,
    SupportType,
)
from services.directory.store.constraints import not_blank, one_of, only, weekdays
from services.directory.store.routing_marks import Mark, Routed
from services.directory.store.table import Table

EMPTY = text("'{}'")
# What a capacity calls it, and the column it is kept in.
CAPACITY_COLUMNS = {
    "limit": "capacity_limit",
    "open_places": "open_places",
    "declared_wait_days": "declared_wait_days",
    "paused": "paused",
    "paused_until": "paused_until",
    "ask_first": "ask_first",
}
_NO = text("false")
# A scheme is not published on a label alone (domain/publishing.py says it in words; this stands behind it).
_SCHEME_COMPLETE = (
    "kind <> 'scheme' or status <> 'active' or (btrim(who_for) <> '' and btrim(not_for) <> ''"
    " and btrim(differs) <> '' and support_type is not null and cardinality(routes_in) > 0"
    " and ending is not null and cardinality(area_basis) > 0"
    " and (capacity_limit is not null or open_places is not null or ask_first))"
)
_GROUP_OPEN = "kind <> 'group' or status <> 'active' or open_to_others"
_SELF_INVITED = (
    "status <> 'active' or not ('self' = any(routes_in) and cardinality(routes_in) = 1)"
    " or invitation is not null"
)


class Service(Routed, Table):
    """HSDS `service`, with the policy of its model as data: who for, routes in, criteria, capacity.

    `sender_sectors` empty takes all; `minimum_age` and `maximum_age` are whole years, both included.
    `paused` is a pause without an end, `paused_until` the last day of one that ends by itself. `free` is
    None where nobody said. `hours` is when it is open in the words it came in, beside its schedules.
    """

    __tablename__ = "service"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(Text)
    alternate_name: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    alert: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    contact_name: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(
        String(20), server_default=text("'inactive'"), default=ServiceStatus.INACTIVE
    )
    kind: Mapped[str] = mapped_column(String(20))
    connector_role: Mapped[str | None] = mapped_column(ForeignKey("connector_role.code"))
    support_type: Mapped[str | None] = mapped_column(String(30))
    who_for: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    not_for: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    differs: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    routes_in: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY, default=list)
    ending: Mapped[str | None] = mapped_column(String(10))
    discreet: Mapped[bool] = mapped_column(Boolean, server_default=_NO, default=False)
    open_to_others: Mapped[bool] = mapped_column(Boolean, server_default=_NO, default=False)
    invitation: Mapped[str | None] = mapped_column(Text)
    application_process: Mapped[str | None] = mapped_column(Text)
    accreditations: Mapped[str | None] = mapped_column(Text)
    free: Mapped[bool | None] = mapped_column(Boolean)
    fees_description: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[str | None] = mapped_column(Text)
    interpretation_services: Mapped[str | None] = mapped_column(Text)
    funders: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY, default=list)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY, default=list)
    working_days: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default=EMPTY, default=list)
    funded_until: Mapped[date | None] = mapped_column(Date)

    minimum_age: Mapped[int | None] = mapped_column(SmallInteger)
    maximum_age: Mapped[int | None] = mapped_column(SmallInteger)
    area_basis: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY, default=list)
    area_words: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    circumstances: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY, default=list)
    sender_sectors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY, default=list)

    capacity_limit: Mapped[int | None]
    open_places: Mapped[int | None]
    declared_wait_days: Mapped[int | None]
    paused: Mapped[bool] = mapped_column(Boolean, server_default=_NO, default=False)
    paused_until: Mapped[date | None] = mapped_column(Date)
    ask_first: Mapped[bool] = mapped_column(Boolean, server_default=_NO, default=False)

    last_modified: Mapped[datetime]

    __table_args__ = (
        not_blank("name"),
        one_of("kind", ServiceKind),
        one_of("status", ServiceStatus),
        one_of("support_type", SupportType),
        one_of("ending", Ending),
        only("routes_in", RouteIn),
        only("area_basis", AreaBasis),
        weekdays("working_days"),
        CheckConstraint("minimum_age between 0 and 120", name="minimum_age_years"),
        CheckConstraint("maximum_age between 0 and 120", name="maximum_age_years"),
        CheckConstraint("maximum_age >= minimum_age", name="ages_in_order"),
        CheckConstraint("capacity_limit >= 0", name="capacity_limit_counts"),
        CheckConstraint("open_places >= 0 and open_places <= capacity_limit", name="open_places_within"),
        CheckConstraint("declared_wait_days between 0 and 1000", name="declared_wait_days_sane"),
        CheckConstraint("not (paused and paused_until is not null)", name="one_pause"),
        CheckConstraint(_SCHEME_COMPLETE, name="scheme_complete"),
        CheckConstraint(_GROUP_OPEN, name="group_open"),
        CheckConstraint(_SELF_INVITED, name="self_only_has_invitation"),
        Index("ix_service_organization", "organization_id"),
        Index("ix_service_listed", "place_id", "kind", postgresql_where=text("status = 'active'")),
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """Itself."""
        return (Mark("service", str(self.id)),)

    @property
    def capacity(self) -> Capacity:
        """What it says it can take."""
        return Capacity(**{said: getattr(self, column) for said, column in CAPACITY_COLUMNS.items()})

    def say_capacity(self, capacity: Capacity) -> None:
        """Set what it can take."""
        for column, value in capacity_columns(capacity).items():
            setattr(self, column, value)


def capacity_columns(capacity: Capacity) -> dict[str, Any]:
    """What a service can take, by the names of its columns."""
    return {column: getattr(capacity, said) for said, column in CAPACITY_COLUMNS.items()}


class OfService(Routed):
    """A row that is part of one service."""

    service_id: Any

    def routing_marks(self) -> tuple[Mark, ...]:
        """The service it is part of."""
        return (Mark("service", str(self.service_id)),)


class ServiceTerm(OfService, Table):
    """A taxonomy term said of a service, such as a need it meets (HSDS `attribute`)."""

    __tablename__ = "service_term"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    term_id: Mapped[UUID] = mapped_column(ForeignKey("taxonomy_term.id"), primary_key=True)

    __table_args__ = (Index("ix_service_term_term", "term_id", "service_id"),)


class ServiceArea(OfService, Table):
    """HSDS `service_area`: one authority, ward, LSOA (GSS code), practice or PCN (ODS code) of the patch."""

    __tablename__ = "service_area"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(9))

    __table_args__ = (
        UniqueConstraint("service_id", "kind", "code"),
        one_of("kind", AreaKind),
        CheckConstraint(
            "case when kind in ('practice', 'pcn') then code ~ '^[A-Z0-9]{3,9}$'"
            " else code ~ '^[EWSN][0-9]{8}$' end",
            name="code_of_kind",
        ),
        Index("ix_service_area_code", "code", "kind"),
    )


class Verification(OfService, Table):
    """Who made sure of one part of a listing, when, how, and until when that may be relied on."""

    __tablename__ = "verification"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    field_group: Mapped[str] = mapped_column(String(20), primary_key=True)
    verified_at: Mapped[datetime]
    verified_by: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    valid_until: Mapped[date] = mapped_column(Date)

    __table_args__ = (one_of("field_group", FieldGroup), not_blank("verified_by"))
