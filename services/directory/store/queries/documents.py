"""Services, organisations and venues as documents, many at once: a fixed number of queries for each kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal, select
from sqlalchemy.orm import Session

from services.directory.domain.documents import (
    ContactPerson,
    Cost,
    FoundAt,
    Identifier,
    LocationDoc,
    Opening,
    OrganizationDoc,
    PatchArea,
    Polygon,
    ServiceDoc,
    Telephone,
    Term,
    WayIn,
)
from services.directory.store.listing_parts import Contact, CostOption, Phone, ServicePolygon
from services.directory.store.locations import Accessibility, Location, ServiceAtLocation
from services.directory.store.organizations import Organization, OrganizationIdentifier, OrganizationTerm
from services.directory.store.queries.service_parts import Rows, grouped
from services.directory.store.schedules import Schedule
from services.directory.store.services import Service, ServiceArea, ServiceTerm
from services.directory.store.taxonomy import TaxonomyTerm
from services.directory.store.teams import TeamService

# The fields of each document that are columns of its own row.
SERVICE_COLUMNS = tuple(
    name
    for name in ServiceDoc.__dataclass_fields__
    if name
    not in {"terms", "areas", "polygons", "schedules", "costs", "contacts", "phones", "locations", "team_ids"}
)
ORGANIZATION_COLUMNS = tuple(
    name for name in OrganizationDoc.__dataclass_fields__ if name not in {"identifiers", "terms"}
)
LOCATION_COLUMNS = tuple(name for name in LocationDoc.__dataclass_fields__ if name != "accessibility")
OPENING_FIELDS = tuple(Opening.__dataclass_fields__)
COST_FIELDS = tuple(Cost.__dataclass_fields__)

Doc = TypeVar("Doc")


def service_documents(session: Session, ids: Sequence[UUID]) -> dict[UUID, ServiceDoc]:
    """Those of these services that are there. Ten queries; one where none is there."""
    own_rows = {row.id: row for row in _rows(session, Service, SERVICE_COLUMNS, ids)}
    if not own_rows:
        return {}
    ids = list(own_rows)
    terms = grouped(session, _terms(ServiceTerm, ServiceTerm.service_id, ids))
    areas = grouped(session, _of_service(ServiceArea, ids, "kind", "code"))
    polygons = grouped(session, _parts(ServicePolygon, ids, "name", "extent"))
    schedules = grouped(session, _parts(Schedule, ids, *OPENING_FIELDS))
    costs = grouped(session, _parts(CostOption, ids, *COST_FIELDS))
    contacts = grouped(session, _parts(Contact, ids, "id", "name", "title", "department", "email"))
    phones = grouped(
        session, _parts(Phone, ids, "contact_id", "number", "extension", "kind", "description", "languages")
    )
    venues = grouped(session, _venues(ids))
    teams = grouped(session, _of_service(TeamService, ids, "team_id"))
    found = {}
    for one, row in own_rows.items():
        found[one] = ServiceDoc(
            **_columns(row, SERVICE_COLUMNS),
            terms=frozenset(Term(*term) for term in terms.get(one, ())),
            areas=frozenset(PatchArea(*area) for area in areas.get(one, ())),
            polygons=tuple(Polygon(*polygon) for polygon in polygons.get(one, ())),
            schedules=tuple(Opening(*schedule) for schedule in schedules.get(one, ())),
            costs=tuple(Cost(*cost) for cost in costs.get(one, ())),
            contacts=tuple(_contacts(contacts.get(one, ()), phones.get(one, ()))),
            phones=_telephones(phones.get(one, ()), None),
            locations=tuple(FoundAt(*venue) for venue in venues.get(one, ())),
            team_ids=frozenset(team for (team,) in teams.get(one, ())),
        )
    return found


def organization_documents(session: Session, ids: Sequence[UUID]) -> dict[UUID, OrganizationDoc]:
    """Those of these organisations that are there. Three queries; one where none is there."""
    rows = list(_rows(session, Organization, ORGANIZATION_COLUMNS, ids))
    if not rows:
        return {}
    terms = grouped(session, _terms(OrganizationTerm, OrganizationTerm.organization_id, ids))
    identifiers = grouped(
        session,
        select(
            OrganizationIdentifier.organization_id,
            OrganizationIdentifier.scheme,
            OrganizationIdentifier.identifier,
        ).where(_among(OrganizationIdentifier.organization_id, ids)),
    )
    return {
        row.id: OrganizationDoc(
            **_columns(row, ORGANIZATION_COLUMNS),
            identifiers=frozenset(Identifier(*one) for one in identifiers.get(row.id, ())),
            terms=frozenset(Term(*one) for one in terms.get(row.id, ())),
        )
        for row in rows
    }


def location_documents(session: Session, ids: Sequence[UUID]) -> dict[UUID, LocationDoc]:
    """Those of these venues that are there, private ones too. Two queries; one where none is there."""
    rows = list(_rows(session, Location, LOCATION_COLUMNS, ids))
    if not rows:
        return {}
    ways = grouped(
        session,
        select(
            Accessibility.location_id,
            TaxonomyTerm.code,
            Accessibility.description,
            Accessibility.details,
            Accessibility.url,
        )
        .outerjoin(TaxonomyTerm, TaxonomyTerm.id == Accessibility.term_id)
        .where(_among(Accessibility.location_id, ids))
        .order_by(Accessibility.position),
    )
    return {
        row.id: LocationDoc(
            **_columns(row, LOCATION_COLUMNS),
            accessibility=tuple(WayIn(*way) for way in ways.get(row.id, ())),
        )
        for row in rows
    }


def bare_services(session: Session, ids: Sequence[UUID]) -> dict[UUID, ServiceDoc]:
    """As `service_documents`, with nothing but what stands in a service's own row. One query."""
    return {
        row.id: ServiceDoc(**_columns(row, SERVICE_COLUMNS))
        for row in _rows(session, Service, SERVICE_COLUMNS, ids)
    }


def bare_organizations(session: Session, ids: Sequence[UUID]) -> dict[UUID, OrganizationDoc]:
    """As `organization_documents`, with nothing but what stands in its own row. One query."""
    return {
        row.id: OrganizationDoc(**_columns(row, ORGANIZATION_COLUMNS))
        for row in _rows(session, Organization, ORGANIZATION_COLUMNS, ids)
    }


def bare_locations(session: Session, ids: Sequence[UUID]) -> dict[UUID, LocationDoc]:
    """As `location_documents`, with nothing but what stands in its own row, private ones too. One query."""
    return {
        row.id: LocationDoc(**_columns(row, LOCATION_COLUMNS))
        for row in _rows(session, Location, LOCATION_COLUMNS, ids)
    }


def _among(column: Any, ids: Sequence[UUID]) -> ColumnElement[bool]:
    # One parameter, however many ids: the statement is the same, and need not be written out anew.
    wanted: ColumnElement[bool] = column == any_(literal(list(ids), ARRAY(Uuid())))
    return wanted


def _rows(session: Session, table: Any, columns: Iterable[str], ids: Sequence[UUID]) -> Any:
    return session.execute(
        select(table.id, *(getattr(table, name) for name in columns)).where(_among(table.id, ids))
    )


def _columns(row: Any, names: Iterable[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def _of_service(table: Any, ids: Sequence[UUID], *columns: str) -> Rows:
    chosen = (getattr(table, name) for name in columns)
    return select(table.service_id, *chosen).where(_among(table.service_id, ids))


def _parts(table: Any, ids: Sequence[UUID], *columns: str) -> Rows:
    return _of_service(table, ids, *columns).order_by(table.position)


def _terms(table: Any, owner: Any, ids: Sequence[UUID]) -> Rows:
    return (
        select(owner, TaxonomyTerm.taxonomy, TaxonomyTerm.code)
        .join(TaxonomyTerm, TaxonomyTerm.id == table.term_id)
        .where(_among(owner, ids))
    )


def _venues(ids: Sequence[UUID]) -> Rows:
    return _of_service(ServiceAtLocation, ids, "location_id", "main").order_by(
        ServiceAtLocation.main.desc(), ServiceAtLocation.location_id
    )


def _contacts(contacts: Iterable[Any], phones: Sequence[Any]) -> Iterable[ContactPerson]:
    for contact_id, name, title, department, email in contacts:
        yield ContactPerson(name, title, department, email, _telephones(phones, contact_id))


def _telephones(phones: Iterable[Any], contact_id: UUID | None) -> tuple[Telephone, ...]:
    return tuple(
        Telephone(number, extension, kind, description, tuple(languages))
        for of, number, extension, kind, description, languages in phones
        if of == contact_id
    )
