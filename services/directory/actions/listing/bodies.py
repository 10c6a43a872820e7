"""An organisation's own facts, and the venues where its services meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.actions.keep_bodies import keep_locations, keep_organizations
from services.directory.actions.listing.known import check_organization_known
from services.directory.actions.listing.writers import check_unchanged, may_write, record_change
from services.directory.domain.document_checks import check_location, check_organization
from services.directory.domain.document_json import version_of
from services.directory.domain.documents import LocationDoc, OrganizationDoc
from services.directory.domain.postcodes import parse_postcode
from services.directory.store.database import database
from services.directory.store.locations import Location
from services.directory.store.organizations import Organization
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.documents import location_documents, organization_documents
from shared.auth import Caller
from shared.errors import Conflict, Invalid, NotFound


def organization_to_write(organization_id: UUID, by: Caller) -> OrganizationDoc:
    """An organisation's facts. Raises NotFound for who may not write them."""
    with database.transaction() as session:
        doc = organization_documents(session, [organization_id]).get(organization_id)
        if doc is None or not may_write(by, organization_id):
            raise NotFound
        return doc


def change_organization(
    organization_id: UUID, doc: OrganizationDoc, *, seen: str, by: Caller, at: datetime
) -> str:
    """Say an organisation's facts anew; their mark. Raises NotFound, ChangedSince, Invalid."""
    with database.transaction() as session:
        session.execute(select(Organization.id).where(Organization.id == organization_id).with_for_update())
        before = organization_documents(session, [organization_id]).get(organization_id)
        if before is None or not may_write(by, organization_id):
            raise NotFound
        check_unchanged(session, "organization", organization_id, before, seen, None)
        check_organization(doc)
        check_organization_known(session, organization_id, doc)
        if doc != before:
            keep_organizations(session, {organization_id: doc}, at=at)
            record_change(session, "organization", organization_id, before, doc, by=by, at=at)
        return version_of(organization_documents(session, [organization_id])[organization_id])


def location_to_write(location_id: UUID, by: Caller) -> LocationDoc:
    """A venue, private or not. Raises NotFound for who may not write it."""
    with database.transaction() as session:
        return _location(session, location_id, by)


def add_location(doc: LocationDoc, *, by: Caller, at: datetime) -> UUID:
    """Write down a venue. Raises NotFound, Invalid."""
    with database.transaction() as session:
        if session.get(Organization, doc.organization_id) is None or not may_write(by, doc.organization_id):
            raise NotFound
        check_location(doc)
        location_id = uuid4()
        placed = _placed(session, doc)
        keep_locations(session, {location_id: placed}, at=at)
        record_change(session, "location", location_id, None, placed, by=by, at=at)
    return location_id


def change_location(location_id: UUID, doc: LocationDoc, *, seen: str, by: Caller, at: datetime) -> str:
    """Say a venue's facts anew; their mark. Raises NotFound, ChangedSince, Invalid."""
    with database.transaction() as session:
        session.execute(select(Location.id).where(Location.id == location_id).with_for_update())
        before = _location(session, location_id, by)
        check_unchanged(session, "location", location_id, before, seen, None)
        if doc.organization_id != before.organization_id:
            raise Conflict("A venue stays with its organisation: write down a new one there instead.")
        check_location(doc)
        placed = _placed(session, doc)
        if placed != before:
            keep_locations(session, {location_id: placed}, at=at)
            record_change(session, "location", location_id, before, placed, by=by, at=at)
        return version_of(location_documents(session, [location_id])[location_id])


def _location(session: Session, location_id: UUID, by: Caller) -> LocationDoc:
    doc = location_documents(session, [location_id]).get(location_id)
    if doc is None or not may_write(by, doc.organization_id):
        raise NotFound
    return doc


def _placed(session: Session, doc: LocationDoc) -> LocationDoc:
    """With its postcode as it is written, and the middle of it where no point is given."""
    if doc.postal_code is None or doc.country != "GB":
        return doc
    pcds = parse_postcode(doc.postal_code)
    if pcds is None:
        raise Invalid.field("/postal_code", "Give a postcode such as YO24 3BZ.")
    found = session.get(Postcode, pcds) if doc.latitude is None else None
    if found is None:
        return replace(doc, postal_code=pcds)
    return replace(doc, postal_code=pcds, latitude=found.lat, longitude=found.lon)
