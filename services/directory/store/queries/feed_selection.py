"""Which things a page of a feed is of, as selects of ids; what is not published is never among them.

Of services those that are published, in any state that the pages show. A reader that asks what changed since
(`modified_after`) is told besides of those that were published and no longer are, deleted ones too; a draft
that never was published is told to nobody. Private venues and those of discreet services are nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from services.directory.domain.listings import AreaBasis
from services.directory.store.listing_parts import ServicePolygon, ServicePostcode
from services.directory.store.locations import Location, ServiceAtLocation
from services.directory.store.organizations import Organization, OrganizationTerm
from services.directory.store.postcodes import Postcode
from services.directory.store.published import PublishedService
from services.directory.store.queries.feed_matching import matching
from services.directory.store.queries.finding import all_words, wanted_words
from services.directory.store.queries.services import SHOWN
from services.directory.store.schedules import OpenHours
from services.directory.store.services import Service, ServiceArea, ServiceTerm
from services.directory.store.taxonomy import Taxonomy, TaxonomyTerm

Ids = Select[UUID]
EARTH_METRES = 6_371_008.8
METRES_A_DEGREE = 111_195.0
# When what a feed says of a `Service` changed: the service, or the `Organization` it is shown with.
CHANGED_AT: ColumnElement[datetime] = func.greatest(Service.last_modified, Organization.last_modified)


@dataclass(frozen=True)
class Point:
    """A live postcode with its areas (GSS codes) and its centroid in WGS 84 degrees, where it has one."""

    pcds: str
    areas: tuple[str, ...]
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Asked:
    """What a reader asks for. `metres` are from the centroid of `near`; `day` counts from Monday = 0."""

    search: str = ""
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    modified_after: datetime | None = None
    near: Point | None = None
    metres: float | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    day: int | None = None
    start_time: time | None = None
    end_time: time | None = None
    top_only: bool = False
    parent_id: UUID | None = None


def point_of(session: Session, pcds: str) -> Point | None:
    """Where a postcode is, None for one not known here. One query."""
    row = session.execute(
        select(Postcode.authority, Postcode.ward, Postcode.lsoa, Postcode.lat, Postcode.lon).where(
            Postcode.pcds == pcds
        )
    ).one_or_none()
    if row is None:
        return None
    authority, ward, lsoa, lat, lon = row
    return Point(pcds, tuple(code for code in (authority, ward, lsoa) if code), lat, lon)


def services_asked(session: Session, asked: Asked) -> Ids:
    """Services, by what was asked. What is no longer published is told whatever the words are."""
    listed = Service.status.in_(SHOWN)
    words = _matches(session, asked)
    if asked.modified_after is None:
        return select(Service.id).where(listed, *words, *_wanted(asked))
    was_listed = exists().where(PublishedService.service_id == Service.id)
    changed = (
        select(Service.id)
        .join(Organization, Organization.id == Service.organization_id)
        .where(
            or_(and_(listed, *words), and_(~listed, was_listed)),
            asked.modified_after <= CHANGED_AT,
            *_wanted(asked),
        )
    )
    deleted = select(PublishedService.service_id).where(PublishedService.gone_at >= asked.modified_after)
    if asked.organization_id is not None:
        deleted = deleted.where(PublishedService.organization_id == asked.organization_id)
    both = union_all(changed, deleted).subquery()
    return select(both.c.id)


def services_ever(service_id: UUID) -> Ids:
    """This service where it is, or once was, published."""
    there = select(Service.id).where(
        Service.id == service_id,
        or_(Service.status.in_(SHOWN), exists().where(PublishedService.service_id == Service.id)),
    )
    gone = select(PublishedService.service_id).where(
        PublishedService.service_id == service_id, PublishedService.gone_at.is_not(None)
    )
    both = union_all(there, gone).subquery()
    return select(both.c.id)


def venues_asked(session: Session, asked: Asked) -> Ids:
    """Services at locations, by what was asked; where a distance was, the location itself lies within it."""
    query = (
        select(ServiceAtLocation.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(Service.status.in_(SHOWN), told_venue(), *_matches(session, asked), *_wanted(asked))
    )
    if asked.modified_after is not None:
        query = query.join(Organization, Organization.id == Service.organization_id)
        query = query.where(asked.modified_after <= CHANGED_AT)
    if asked.near is not None and asked.metres is not None:
        query = query.where(_within(asked.near, asked.metres))
    return query


def told_venue() -> ColumnElement[bool]:
    """Whether where a `Service` is may be told: at a `Location` that is not private, of one not discreet."""
    return and_(Location.private.is_(False), Service.discreet.is_(False))


def organizations_asked(_session: Session, asked: Asked) -> Ids:
    """Organisations that offer something published, and those above them."""
    listed = (
        select(Service.organization_id.label("id"))
        .where(Service.status.in_(SHOWN))
        .distinct()
        .cte(recursive=True)
    )
    listed = listed.union(
        select(Organization.parent_id)
        .join(listed, listed.c.id == Organization.id)
        .where(Organization.parent_id.is_not(None))
    )
    query = select(Organization.id).where(Organization.id.in_(select(listed.c.id)))
    words = wanted_words(asked.search)
    if words:
        query = query.where(
            or_(all_words(Organization.name, words), all_words(Organization.description, words))
        )
    if asked.organization_id is not None:
        query = query.where(Organization.id == asked.organization_id)
    terms = _terms_wanted(asked)
    if terms is not None:
        said = select(OrganizationTerm.organization_id).where(OrganizationTerm.term_id.in_(terms))
        query = query.where(Organization.id.in_(said))
    return query


def taxonomies_asked(_session: Session, asked: Asked) -> Ids:
    """Taxonomies."""
    words = wanted_words(asked.search)
    query = select(Taxonomy.id)
    return query.where(_says(Taxonomy, words)) if words else query


def terms_asked(_session: Session, asked: Asked) -> Ids:
    """Words of taxonomies, retired ones too: a listing may still say them. Top ones have none above them."""
    query = select(TaxonomyTerm.id)
    words = wanted_words(asked.search)
    if words:
        query = query.where(_says(TaxonomyTerm, words))
    if asked.taxonomy_id is not None:
        codes = select(Taxonomy.code).where(Taxonomy.id == asked.taxonomy_id)
        query = query.where(TaxonomyTerm.taxonomy.in_(codes))
    if asked.parent_id is not None:
        query = query.where(TaxonomyTerm.parent_id == asked.parent_id)
    return query.where(TaxonomyTerm.parent_id.is_(None)) if asked.top_only else query


def _says(table: Any, words: list[str]) -> ColumnElement[bool]:
    return or_(all_words(table.name, words), all_words(table.description, words))


def _matches(session: Session, asked: Asked) -> Sequence[ColumnElement[bool]]:
    """The condition on `Service` that its words make, if there are any."""
    found = matching(session, asked.search)
    return [] if found is None else [Service.id.in_(found)]


def _wanted(asked: Asked) -> Sequence[ColumnElement[bool]]:
    """Conditions on `Service`, beside that of words."""
    found: list[ColumnElement[bool]] = []
    if asked.organization_id is not None:
        found.append(Service.organization_id == asked.organization_id)
    terms = _terms_wanted(asked)
    if terms is not None:
        found.append(Service.id.in_(select(ServiceTerm.service_id).where(ServiceTerm.term_id.in_(terms))))
    if asked.minimum_age is not None:
        found.append(Service.minimum_age >= asked.minimum_age)
    if asked.maximum_age is not None:
        found.append(Service.maximum_age <= asked.maximum_age)
    if asked.day is not None or asked.start_time is not None or asked.end_time is not None:
        found.append(_open(asked))
    if asked.near is not None:
        found.append(_covers(asked.near) if asked.metres is None else _near(asked.near, asked.metres))
    return found


def _terms_wanted(asked: Asked) -> Ids | None:
    if asked.taxonomy_term_id is None and asked.taxonomy_id is None:
        return None
    query = select(TaxonomyTerm.id)
    if asked.taxonomy_term_id is not None:
        query = query.where(TaxonomyTerm.id == asked.taxonomy_term_id)
    if asked.taxonomy_id is not None:
        codes = select(Taxonomy.code).where(Taxonomy.id == asked.taxonomy_id)
        query = query.where(TaxonomyTerm.taxonomy.in_(codes))
    return query


def _open(asked: Asked) -> ColumnElement[bool]:
    """Has hours on this day of the week, that begin no earlier and end no later than was asked."""
    hours = select(OpenHours.service_id).where(OpenHours.service_id == Service.id)
    if asked.day is not None:
        hours = hours.where(OpenHours.weekday == asked.day)
    if asked.start_time is not None:
        hours = hours.where(OpenHours.opens >= _minute(asked.start_time))
    if asked.end_time is not None:
        hours = hours.where(OpenHours.closes <= _minute(asked.end_time))
    return exists(hours)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _covers(near: Point) -> ColumnElement[bool]:
    """The patch has the postcode in it; a service that names no patch, or takes anybody, is not left out."""
    areas = select(ServiceArea.service_id).where(ServiceArea.service_id == Service.id)
    drawn = select(ServicePolygon.service_id).where(ServicePolygon.service_id == Service.id)
    inside = select(ServicePostcode.service_id).where(
        ServicePostcode.service_id == Service.id, ServicePostcode.postcode == near.pcds
    )
    return or_(
        Service.area_basis.contains([AreaBasis.ANYWHERE.value]),
        exists(areas.where(ServiceArea.code.in_(near.areas))),
        exists(inside),
        ~exists(areas) & ~exists(drawn),
    )


def _near(near: Point, metres: float) -> ColumnElement[bool]:
    venue = (
        select(ServiceAtLocation.service_id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(ServiceAtLocation.service_id == Service.id, told_venue(), _within(near, metres))
    )
    return exists(venue.correlate(Service))


def _within(near: Point, metres: float) -> ColumnElement[bool]:
    """The `Location` lies within so many metres of the point (great circle)."""
    if near.latitude is None or near.longitude is None:
        return Location.id.is_(None)
    lat, lon = func.radians(Location.latitude), func.radians(Location.longitude)
    here_lat, here_lon = func.radians(near.latitude), func.radians(near.longitude)
    half = func.pow(func.sin((lat - here_lat) / 2), 2) + func.cos(lat) * func.cos(here_lat) * func.pow(
        func.sin((lon - here_lon) / 2), 2
    )
    degrees = metres / METRES_A_DEGREE
    return and_(
        Location.latitude.between(near.latitude - degrees, near.latitude + degrees),
        2 * EARTH_METRES * func.asin(func.sqrt(func.least(1.0, half))) <= metres,
    )
