"""The directory ward by ward: which wards a place has, and what there is for the people of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from services.directory.domain.documents import LocationDoc, ServiceDoc
from services.directory.domain.freshness import Checked, Freshness, freshness, oldest
from services.directory.domain.listings import AreaBasis, AreaKind, ServiceStatus
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.database import database
from services.directory.store.listing_parts import ServicePostcode
from services.directory.store.locations import Location, ServiceAtLocation
from services.directory.store.organizations import ODS, Organization, OrganizationIdentifier
from services.directory.store.pcns import PracticeInPcn
from services.directory.store.places import Area, Place
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.documents import location_documents, service_documents
from services.directory.store.queries.service_parts import grouped
from services.directory.store.services import Service, ServiceArea, ServiceTerm, Verification
from services.directory.store.taxonomy import TaxonomyTerm

ON_A_PAGE = 50
_ORDER_OF_NEEDS = (TaxonomyTerm.position, TaxonomyTerm.code)


@dataclass(frozen=True)
class Ward:
    """A ward by its GSS code, and the place it is in."""

    code: str
    name: str
    place: str


@dataclass(frozen=True)
class ListedService:
    """A service as a booklet lists it. No private venue is in it, nor where a discreet service is."""

    id: UUID
    doc: ServiceDoc
    organization: str
    venues: tuple[LocationDoc, ...]
    checked: Checked | None

    def freshness(self, on: date) -> Freshness:
        """How far it may be relied on, on this day."""
        return freshness(self.checked, on)


@dataclass(frozen=True)
class WardListing:
    """What there is for the people of a ward, by name; `needs` are the words of needs in their order.

    `changed_at` is when anything of it changed last.
    """

    ward: Ward
    services: tuple[ListedService, ...]
    needs: tuple[tuple[str, str], ...]
    changed_at: datetime | None


@dataclass(frozen=True)
class WardPage:
    """Some of what there is for the people of a ward, in the order of the first need of each, then by name.

    `count` is how many there are on all pages; `number`, from 1, is the page it is, of `pages`.
    """

    listing: WardListing
    count: int
    number: int
    pages: int


def wards() -> list[Ward]:
    """The wards of all places, by place and name. One query."""
    with database.transaction() as session:
        return [Ward(*row) for row in session.execute(_wards().order_by(Place.name, Area.name))]


def ward_listing(code: str) -> WardListing | None:
    """What there is for the people of this ward, None where no place has it. A fixed number of queries."""
    with database.transaction() as session:
        row = session.execute(_wards().where(Area.code == code)).first()
        if row is None:
            return None
        found = session.execute(
            select(Service.id, Organization.name)
            .join(Organization, Organization.id == Service.organization_id)
            .where(Service.status == ServiceStatus.ACTIVE, _for_ward(code))
            .order_by(func.lower(Service.name), Service.id)
        ).all()
        ids = [service_id for service_id, _ in found]
        changed_at = session.scalar(select(func.max(Service.last_modified)).where(Service.id.in_(ids)))
        return WardListing(
            ward=Ward(*row),
            services=tuple(_listed(session, [(service_id, name) for service_id, name in found])),
            needs=_needs(session),
            changed_at=changed_at,
        )


def ward_page(code: str, number: int) -> WardPage | None:
    """The page of this number, the last where there are fewer; None where no place has the ward.

    A fixed number of queries.
    """
    with database.transaction() as session:
        row = session.execute(_wards().where(Area.code == code)).first()
        if row is None:
            return None
        there = (Service.status == ServiceStatus.ACTIVE, _for_ward(code))
        count = session.scalar(select(func.count(Service.id)).where(*there)) or 0
        pages = max(1, -(-count // ON_A_PAGE))
        number = min(max(1, number), pages)
        nth = func.row_number().over(order_by=_ORDER_OF_NEEDS).label("nth")
        order = select(TaxonomyTerm.id.label("term_id"), nth).where(TaxonomyTerm.taxonomy == NEEDS).subquery()
        first_need = (
            select(func.min(order.c.nth))
            .select_from(ServiceTerm)
            .join(order, order.c.term_id == ServiceTerm.term_id)
            .where(ServiceTerm.service_id == Service.id)
            .scalar_subquery()
        )
        found = session.execute(
            select(Service.id, Organization.name)
            .join(Organization, Organization.id == Service.organization_id)
            .where(*there)
            .order_by(first_need.asc().nulls_last(), func.lower(Service.name), Service.id)
            .limit(ON_A_PAGE)
            .offset((number - 1) * ON_A_PAGE)
        ).all()
        services = _listed(session, [(service_id, name) for service_id, name in found])
        listing = WardListing(Ward(*row), tuple(services), _needs(session), changed_at=None)
    return WardPage(listing, count, number, pages)


def _needs(session: Session) -> tuple[tuple[str, str], ...]:
    rows = session.execute(
        select(TaxonomyTerm.code, TaxonomyTerm.name)
        .where(TaxonomyTerm.taxonomy == NEEDS)
        .order_by(*_ORDER_OF_NEEDS)
    )
    return tuple((code, name) for code, name in rows)


def _wards() -> Select[str, str, str]:
    in_places = (
        select(Postcode.ward, Postcode.authority).where(Postcode.ward.is_not(None)).distinct().subquery()
    )
    return (
        select(Area.code, Area.name, Place.name)
        .join(in_places, in_places.c.ward == Area.code)
        .join(Place, in_places.c.authority == func.any(Place.authorities))
        .where(Area.kind == "ward")
        .distinct()
    )


def _for_ward(code: str) -> ColumnElement[bool]:
    """Its patch covers some of the ward, it meets there, or it takes people from anywhere around."""
    here = Postcode.ward == code
    area_of = select(ServiceArea.service_id).where(ServiceArea.service_id == Service.id)
    practices = (
        select(OrganizationIdentifier.identifier)
        .join(Organization, Organization.id == OrganizationIdentifier.organization_id)
        .join(Postcode, Postcode.pcds == Organization.postal_code)
        .where(OrganizationIdentifier.scheme == ODS, here)
    )
    networks = select(PracticeInPcn.pcn_code).where(PracticeInPcn.practice_ods.in_(practices))
    codes: dict[str, Any] = {
        AreaKind.WARD: [code],
        AreaKind.LSOA: select(Postcode.lsoa).where(here),
        AreaKind.AUTHORITY: select(Postcode.authority).where(here),
        AreaKind.PRACTICE: practices,
        AreaKind.PCN: networks,
    }
    drawn = (
        select(ServicePostcode.service_id)
        .join(Postcode, Postcode.pcds == ServicePostcode.postcode)
        .where(ServicePostcode.service_id == Service.id, here)
    )
    meets = (
        select(ServiceAtLocation.service_id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .join(Postcode, Postcode.pcds == Location.postal_code)
        .where(ServiceAtLocation.service_id == Service.id, Location.private.is_(False), here)
    )
    around = select(Place.id).where(
        exists(select(Postcode.pcds).where(here, Postcode.authority == func.any(Place.authorities)))
    )
    anywhere = Service.area_basis.contains([AreaBasis.ANYWHERE]) & (
        Service.place_id.is_(None) | Service.place_id.in_(around)
    )
    of_kind = [
        exists(area_of.where(ServiceArea.kind == kind, ServiceArea.code.in_(among)))
        for kind, among in codes.items()
    ]
    return or_(*of_kind, exists(drawn), exists(meets) & Service.discreet.is_(False), anywhere)


def _listed(session: Session, found: Sequence[tuple[UUID, str]]) -> list[ListedService]:
    ids = [service_id for service_id, _ in found]
    docs = service_documents(session, ids)
    venues = location_documents(
        session, sorted({venue.location_id for doc in docs.values() for venue in doc.locations})
    )
    checks = grouped(
        session,
        select(Verification.service_id, Verification.verified_at, Verification.valid_until).where(
            Verification.service_id.in_(ids)
        ),
    )
    return [
        ListedService(
            id=one,
            doc=docs[one],
            organization=organization,
            venues=tuple(
                venues[each.location_id]
                for each in docs[one].locations
                if not docs[one].discreet and not venues[each.location_id].private
            ),
            checked=oldest(Checked(*row) for row in checks.get(one, ())),
        )
        for one, organization in found
    ]
