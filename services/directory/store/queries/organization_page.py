"""What is public of one organisation: what it is, what it offers, what others call it by."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from services.directory.domain.listings import ServiceStatus
from services.directory.store.database import database
from services.directory.store.locations import Location, ServiceAtLocation
from services.directory.store.organizations import OWN_KEY, Organization, OrganizationIdentifier
from services.directory.store.places import Place
from services.directory.store.queries.services import SHOWN
from services.directory.store.services import Service
from services.directory.store.taxonomy import Sector

MOST_SERVICES = 200


@dataclass(frozen=True)
class OrganizationPage:
    """An organisation with its published services by name, and its identifiers by scheme.

    `address` is blank where it is that of a private venue, or of a discreet service. It is `listed`, as in
    the feeds, where it or one that it is above offers something published.
    """

    organization: Organization
    sector: str
    place: str | None
    address: str
    host: tuple[UUID, str] | None
    services: tuple[tuple[UUID, str, str, str], ...]
    identifiers: tuple[tuple[str, str], ...]
    listed: bool


def organization_page(organization_id: UUID) -> OrganizationPage | None:
    """One organisation, None where there is none. Three queries."""
    host = aliased(Organization)
    with database.transaction() as session:
        row = session.execute(
            select(
                Organization, Sector.name, Place.name, host.id, host.name, _hidden(), _listed(organization_id)
            )
            .join(Sector, Sector.code == Organization.sector)
            .outerjoin(Place, Place.id == Organization.place_id)
            .outerjoin(host, host.id == Organization.host_id)
            .where(Organization.id == organization_id)
        ).one_or_none()
        if row is None:
            return None
        services = session.execute(
            select(Service.id, Service.name, Service.kind, Service.description)
            .where(Service.organization_id == organization_id, Service.status == ServiceStatus.ACTIVE)
            .order_by(func.lower(Service.name), Service.id)
            .limit(MOST_SERVICES)
        ).all()
        identifiers = session.execute(
            select(OrganizationIdentifier.scheme, OrganizationIdentifier.identifier)
            .where(
                OrganizationIdentifier.organization_id == organization_id,
                # An operator's own short names mean nothing to anybody else.
                OrganizationIdentifier.scheme != OWN_KEY,
            )
            .order_by(OrganizationIdentifier.scheme)
        ).all()
        return OrganizationPage(
            row[0],
            row[1],
            row[2],
            "" if row[5] else ", ".join(part for part in (row[0].address, row[0].postal_code) if part),
            (row[3], row[4]) if row[3] is not None else None,
            tuple((one.id, one.name, one.kind, one.description) for one in services),
            tuple((one.scheme, one.identifier) for one in identifiers),
            row[6],
        )


def _listed(organization_id: UUID) -> ColumnElement[bool]:
    below = select(Organization.id).where(Organization.id == organization_id).cte(recursive=True)
    below = below.union(select(Organization.id).join(below, below.c.id == Organization.parent_id))
    offered = Service.organization_id.in_(select(below.c.id))
    return exists().where(offered, Service.status.in_(SHOWN))


def _hidden() -> ColumnElement[bool]:
    """Whether the address of an `Organization` is, or may be, where nobody may know of something."""
    of_discreet = (
        select(ServiceAtLocation.location_id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(Service.organization_id == Organization.id, Service.discreet)
    )
    own_private = and_(Location.private, Location.organization_id == Organization.id)
    same = func.replace(Location.postal_code, " ", "") == func.replace(Organization.postal_code, " ", "")
    return exists().where(
        or_(own_private, Location.id.in_(of_discreet)),
        or_(Organization.postal_code.is_(None), Location.postal_code.is_(None), same),
    )
