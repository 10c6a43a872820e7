"""What an organisation lists, finished or not, and what a writer may choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import ServiceDoc
from services.directory.domain.publishing import missing_to_publish
from services.directory.store.database import database
from services.directory.store.locations import Location, ServiceAtLocation
from services.directory.store.organizations import ODS, Organization, OrganizationIdentifier
from services.directory.store.pcns import Pcn
from services.directory.store.places import Area, Place
from services.directory.store.queries.documents import service_documents
from services.directory.store.queries.words import Code
from services.directory.store.services import Service
from services.directory.store.taxonomy import ConnectorRole, Sector, Taxonomy, TaxonomyTerm
from services.directory.store.teams import Team

MOST_LISTED = 500
MOST_CANDIDATES = 8


@dataclass(frozen=True)
class Listed:
    """A service in the list of its organisation's writers; `missing` counts what publishing still wants."""

    id: UUID
    name: str
    kind: str
    status: str
    missing: int
    last_modified: datetime


@dataclass(frozen=True)
class Venue:
    """A venue of an organisation, private or not, for its writers alone; `used` by so many services."""

    id: UUID
    name: str
    city: str | None
    postal_code: str | None
    private: bool
    used: int


@dataclass(frozen=True)
class Listings:
    """What one organisation lists."""

    organization_id: UUID
    organization: str
    services: tuple[Listed, ...]
    venues: tuple[Venue, ...]


@dataclass(frozen=True)
class Found:
    """An area by its name or code."""

    kind: str
    code: str
    name: str


def listings_of(organization_id: UUID) -> Listings | None:
    """The first 500 services and venues, by name. 3 + 10 queries."""
    with database.transaction() as session:
        name = session.scalar(select(Organization.name).where(Organization.id == organization_id))
        if name is None:
            return None
        rows = session.scalars(
            select(Service)
            .where(Service.organization_id == organization_id)
            .order_by(func.lower(Service.name), Service.id)
            .limit(MOST_LISTED)
        ).all()
        docs = service_documents(session, [row.id for row in rows])
        services = tuple(_listed(row.id, docs[row.id], row.capacity, row.last_modified) for row in rows)
        return Listings(organization_id, name, services, tuple(_venues(session, organization_id)))


def _listed(service_id: UUID, doc: ServiceDoc, capacity: Capacity, changed: datetime) -> Listed:
    missing = len(missing_to_publish(doc, capacity))
    return Listed(service_id, doc.name, doc.kind, doc.status, missing, changed)


def _venues(session: Session, organization_id: UUID) -> list[Venue]:
    rows = session.execute(
        select(
            Location.id,
            Location.name,
            Location.city,
            Location.postal_code,
            Location.private,
            func.count(ServiceAtLocation.service_id),
        )
        .outerjoin(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .where(Location.organization_id == organization_id)
        .group_by(Location.id)
        .order_by(func.lower(Location.name), Location.id)
        .limit(MOST_LISTED)
    )
    return [Venue(*row) for row in rows]


def venues_to_choose(organization_id: UUID, chosen: Iterable[UUID]) -> list[Venue]:
    """The organisation's venues, and those of others that are chosen already. One query or two."""
    with database.transaction() as session:
        own = _venues(session, organization_id)
        others = set(chosen) - {venue.id for venue in own}
        if not others:
            return own
        rows = session.execute(
            select(Location.id, Location.name, Location.city, Location.postal_code, Location.private)
            .where(Location.id.in_(others))
            .order_by(Location.name)
        )
        return [*own, *(Venue(*row, used=1) for row in rows)]


def teams_of(organization_id: UUID) -> list[tuple[str, str]]:
    """Ids and names of an organisation's teams. One query."""
    with database.transaction() as session:
        rows = session.execute(
            select(Team.id, Team.name).where(Team.organization_id == organization_id).order_by(Team.name)
        )
        return [(str(id), name) for id, name in rows]


def words_to_choose(taxonomy: str, chosen: Iterable[str] = ()) -> list[TaxonomyTerm]:
    """A taxonomy's terms in order; retired ones only where they are chosen already. One query."""
    with database.transaction() as session:
        return list(
            session.scalars(
                select(TaxonomyTerm)
                .where(
                    TaxonomyTerm.taxonomy == taxonomy,
                    or_(TaxonomyTerm.retired.is_(False), TaxonomyTerm.code.in_(list(chosen))),
                )
                .order_by(TaxonomyTerm.position, TaxonomyTerm.name)
            )
        )


def further_taxonomies(besides: Iterable[str]) -> list[tuple[str, str]]:
    """Codes and names of the other taxonomies, by name. One query."""
    with database.transaction() as session:
        rows = session.execute(
            select(Taxonomy.code, Taxonomy.name)
            .where(Taxonomy.code.not_in(list(besides)))
            .order_by(Taxonomy.name)
        )
        return [(code, name) for code, name in rows]


def roles_to_choose(chosen: str | None) -> list[Code]:
    """Connector roles that are not retired, and the chosen one. One query."""
    return _codes(ConnectorRole, [chosen] if chosen else [])


def sectors_to_choose(chosen: Iterable[str] = ()) -> list[Code]:
    """Sectors that are not retired, and those chosen. One query."""
    return _codes(Sector, list(chosen))


def _codes(table: type[Sector] | type[ConnectorRole], chosen: Sequence[str]) -> list[Code]:
    with database.transaction() as session:
        rows = session.execute(
            select(table.code, table.name)
            .where(or_(table.retired.is_(False), table.code.in_(chosen)))
            .order_by(table.position)
        )
        return [Code(*row) for row in rows]


def places_by_id() -> list[tuple[str, str]]:
    """Ids and names of the places, by name. One query."""
    with database.transaction() as session:
        return [
            (str(id), name) for id, name in session.execute(select(Place.id, Place.name).order_by(Place.name))
        ]


def organizations_called(text: str) -> list[tuple[UUID, str]]:
    """Organisations of exactly this name. One query."""
    with database.transaction() as session:
        rows = session.execute(
            select(Organization.id, Organization.name)
            .where(func.lower(Organization.name) == text.strip().lower())
            .limit(MOST_CANDIDATES)
        )
        return [(id, name) for id, name in rows]


def areas_called(text: str) -> list[Found]:
    """Areas, practices and networks of this code or name; else whose name holds it. Three queries or six."""
    wanted = text.strip()
    with database.transaction() as session:
        exact = _areas(session, wanted, whole=True)
        return exact or _areas(session, wanted, whole=False)


def _areas(session: Session, wanted: str, *, whole: bool) -> list[Found]:
    def said(name: Any, code: Any) -> ColumnElement[bool]:
        if whole:
            return or_(func.lower(name) == wanted.lower(), code == wanted.upper())
        held: ColumnElement[bool] = name.icontains(wanted, autoescape=True)
        return held

    ods = OrganizationIdentifier
    areas = session.execute(
        select(Area.kind, Area.code, Area.name)
        .where(said(Area.name, Area.code))
        .order_by(Area.name, Area.code)
        .limit(MOST_CANDIDATES)
    )
    practices = session.execute(
        select(ods.identifier, Organization.name)
        .join(Organization, Organization.id == ods.organization_id)
        .where(ods.scheme == ODS, said(Organization.name, ods.identifier))
        .order_by(Organization.name)
        .limit(MOST_CANDIDATES)
    )
    networks = session.execute(
        select(Pcn.code, Pcn.name).where(said(Pcn.name, Pcn.code)).order_by(Pcn.name).limit(MOST_CANDIDATES)
    )
    return [
        *(Found(*row) for row in areas),
        *(Found("pcn", *row) for row in networks),
        *(Found("practice", *row) for row in practices),
    ]


def names_of(areas: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Names of areas by kind and code; those nobody named are left out. Three queries."""
    wanted = list(areas)
    codes = [code for _, code in wanted]
    with database.transaction() as session:
        found = {
            (kind, code): name
            for kind, code, name in session.execute(
                select(Area.kind, Area.code, Area.name).where(Area.code.in_(codes))
            )
        }
        for code, name in session.execute(select(Pcn.code, Pcn.name).where(Pcn.code.in_(codes))):
            found["pcn", code] = name
        for code, name in session.execute(
            select(OrganizationIdentifier.identifier, Organization.name)
            .join(Organization, Organization.id == OrganizationIdentifier.organization_id)
            .where(OrganizationIdentifier.scheme == ODS, OrganizationIdentifier.identifier.in_(codes))
        ):
            found["practice", code] = name
    return {one: found[one] for one in wanted if one in found}
