"""What a page of a feed tells, read for all its things at once: a fixed number of queries, however many.

`whole` reads what a form of one thing alone shows; without it, what a list shows. Private venues, and where a
discreet service is, are left out here, so that nothing that comes after could tell them; `own` is for an
organisation's own copy and leaves nothing out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import LocationDoc, ServiceDoc, Term
from services.directory.domain.feed import (
    Facts,
    GoneEntry,
    OrganizationEntry,
    ServiceEntry,
    VenueEntry,
    for_everybody,
)
from services.directory.domain.listings import FieldGroup, ServiceStatus
from services.directory.domain.taxonomies import ACCESSIBILITY
from services.directory.store.locations import Location, ServiceAtLocation
from services.directory.store.organizations import Organization
from services.directory.store.published import PublishedService
from services.directory.store.queries.documents import (
    bare_locations,
    bare_organizations,
    bare_services,
    location_documents,
    organization_documents,
    service_documents,
)
from services.directory.store.queries.feed_names import area_names, districts, terms_by_word
from services.directory.store.queries.feed_selection import CHANGED_AT
from services.directory.store.queries.services import SHOWN
from services.directory.store.services import Service, Verification
from shared.clock import uk_date

Ids = Sequence[UUID]
# Of one organisation that is told with its services.
MOST_SERVICES_OF_ONE = 100


def read_services(
    session: Session, ids: Ids, at: datetime, *, whole: bool, own: bool = False
) -> tuple[list[ServiceEntry | GoneEntry], Facts]:
    """These services in this order, with the facts that they name; nothing more of one that is not listed."""
    entries = _entries(session, ids, whole=whole, own=own)
    told = [one for one in entries.values() if isinstance(one, ServiceEntry)]
    facts = _facts(session, [one.doc for one in told], [one.id for one in told], at, whole=whole, own=own)
    if not own:
        entries = {one: _public(entry, facts) for one, entry in entries.items()}
    return [entries[one] for one in ids if one in entries], facts


def read_organizations(
    session: Session, ids: Ids, at: datetime, *, whole: bool, services: bool
) -> tuple[list[OrganizationEntry], Facts]:
    """These organisations in this order; with `services` each with its first published ones, whole."""
    offered: dict[UUID, list[ServiceEntry]] = {}
    facts = Facts(on=uk_date(at))
    if services:
        nth = func.row_number().over(partition_by=Service.organization_id, order_by=Service.id).label("nth")
        each = (
            select(Service.id, nth)
            .where(Service.organization_id.in_(ids), Service.status.in_(SHOWN))
            .subquery()
        )
        of_them = session.scalars(
            select(each.c.id).where(each.c.nth <= MOST_SERVICES_OF_ONE).order_by(each.c.id)
        ).all()
        found, facts = read_services(session, of_them, at, whole=True)
        for one in found:
            if isinstance(one, ServiceEntry):
                offered.setdefault(one.doc.organization_id, []).append(one)
    docs = (organization_documents if whole else bare_organizations)(session, ids)
    terms = terms_by_word(session, {term for doc in docs.values() for term in doc.terms})
    facts = replace(facts, terms={**facts.terms, **terms})
    entries = [OrganizationEntry(one, docs[one], tuple(offered.get(one, ()))) for one in ids if one in docs]
    return entries, facts


def read_venues(session: Session, ids: Ids, at: datetime, *, whole: bool) -> tuple[list[VenueEntry], Facts]:
    """These services at locations in this order. They are of published services, and not private."""
    rows = session.execute(
        select(ServiceAtLocation.id, ServiceAtLocation.service_id, ServiceAtLocation.location_id).where(
            ServiceAtLocation.id.in_(ids)
        )
    ).all()
    found = {own_id: (service_id, location_id) for own_id, service_id, location_id in rows}
    of_them = sorted({service_id for service_id, _ in found.values()})
    entries = _entries(session, of_them, whole=False, own=False)
    docs = [one.doc for one in entries.values() if isinstance(one, ServiceEntry)]
    organizations = bare_organizations(session, sorted({doc.organization_id for doc in docs}))
    locations = _locations(session, {location for _, location in found.values()}, whole=whole, own=False)
    facts = Facts(
        on=uk_date(at),
        organizations=organizations,
        locations=locations,
        terms=terms_by_word(session, _words_of(locations.values())) if whole else {},
        districts=districts(session, _postcodes(locations.values())) if whole else {},
        venues={pair: own_id for own_id, pair in found.items()},
    )
    told = []
    for own_id, (service_id, location_id) in ((one, found[one]) for one in ids if one in found):
        entry = entries.get(service_id)
        if isinstance(entry, ServiceEntry) and location_id in locations and not entry.doc.discreet:
            told.append(VenueEntry(own_id, location_id, entry))
    return told, facts


def _entries(session: Session, ids: Ids, *, whole: bool, own: bool) -> dict[UUID, ServiceEntry | GoneEntry]:
    docs = (service_documents if whole else bare_services)(session, ids)
    checks = _checks(session, ids)
    found: dict[UUID, ServiceEntry | GoneEntry] = {}
    for service_id, last_modified, *said in session.execute(_besides(ids)):
        doc, checked = docs[service_id], checks.get(service_id, {})
        if doc.status in SHOWN or own:
            found[service_id] = ServiceEntry(
                id=service_id,
                doc=doc,
                last_modified=last_modified,
                assured_on=uk_date(min(checked.values())) if checked else None,
                capacity=Capacity(*said),
                capacity_said_at=checked.get(FieldGroup.CAPACITY),
            )
        else:
            found[service_id] = GoneEntry(
                service_id, doc.organization_id, doc.status, last_modified, doc.name
            )
    missing = [one for one in ids if one not in found]
    gone = select(PublishedService).where(
        PublishedService.service_id.in_(missing), PublishedService.gone_at.is_not(None)
    )
    for one in session.scalars(gone):
        if one.gone_at is not None:
            found[one.service_id] = GoneEntry(
                one.service_id, one.organization_id, ServiceStatus.DEFUNCT, one.gone_at
            )
    return found


def _besides(ids: Ids) -> Select[*tuple[Any, ...]]:
    """When each changed, and what it says it can take, in the order of `Capacity`."""
    capacity = (
        Service.capacity_limit,
        Service.open_places,
        Service.declared_wait_days,
        Service.paused,
        Service.paused_until,
        Service.ask_first,
    )
    return (
        select(Service.id, CHANGED_AT, *capacity)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.id.in_(ids))
    )


def _checks(session: Session, ids: Ids) -> dict[UUID, dict[str, datetime]]:
    found: dict[UUID, dict[str, datetime]] = {}
    rows = session.execute(
        select(Verification.service_id, Verification.field_group, Verification.verified_at).where(
            Verification.service_id.in_(ids)
        )
    )
    for service_id, group, verified_at in rows:
        found.setdefault(service_id, {})[group] = verified_at
    return found


def _public(entry: ServiceEntry | GoneEntry, facts: Facts) -> ServiceEntry | GoneEntry:
    if isinstance(entry, GoneEntry):
        return entry
    return replace(entry, doc=for_everybody(entry.doc, facts.locations.keys()))


def _facts(
    session: Session, docs: Sequence[ServiceDoc], ids: Ids, at: datetime, *, whole: bool, own: bool
) -> Facts:
    owners = sorted({doc.organization_id for doc in docs})
    on: date = uk_date(at)
    if not whole:
        return Facts(on=on, organizations=bare_organizations(session, owners))
    organizations = organization_documents(session, owners)
    wanted = {one.location_id for doc in docs for one in doc.locations}
    locations = _locations(session, wanted, whole=True, own=own)
    said = {term for doc in docs for term in doc.terms} | _words_of(locations.values())
    said |= {term for doc in organizations.values() for term in doc.terms}
    asked = {code for doc in docs for code in doc.circumstances}
    return Facts(
        on=on,
        organizations=organizations,
        locations=locations,
        terms=terms_by_word(session, said, circumstances=asked),
        area_names=area_names(session, {area.code for doc in docs for area in doc.areas}),
        districts=districts(session, _postcodes(locations.values())),
        venues=_venue_ids(session, ids),
    )


def _locations(
    session: Session, wanted: Collection[UUID], *, whole: bool, own: bool
) -> Mapping[UUID, LocationDoc]:
    told = sorted(wanted)
    if not own:
        public = select(Location.id).where(Location.id.in_(told), Location.private.is_(False))
        told = list(session.scalars(public))
    return (location_documents if whole else bare_locations)(session, told)


def _venue_ids(session: Session, ids: Ids) -> dict[tuple[UUID, UUID], UUID]:
    rows: Any = session.execute(
        select(ServiceAtLocation.service_id, ServiceAtLocation.location_id, ServiceAtLocation.id).where(
            ServiceAtLocation.service_id.in_(ids)
        )
    )
    return {(service_id, location_id): own_id for service_id, location_id, own_id in rows}


def _words_of(locations: Iterable[LocationDoc]) -> set[Term]:
    return {Term(ACCESSIBILITY, way.code) for doc in locations for way in doc.accessibility if way.code}


def _postcodes(locations: Iterable[LocationDoc]) -> set[str]:
    return {doc.postal_code for doc in locations if doc.postal_code}
