"""Keep organisations and venues as documents say, many at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.actions.keep_services import Kept
from services.directory.domain.documents import LocationDoc, OrganizationDoc
from services.directory.store.body_writing import write_locations, write_organizations
from services.directory.store.locations import Location
from services.directory.store.organizations import Organization
from services.directory.store.queries.documents import location_documents, organization_documents


def keep_organizations(session: Session, docs: Mapping[UUID, OrganizationDoc], *, at: datetime) -> Kept:
    """Store organisations in the caller's transaction as their documents say; what was there is replaced.

    One that says the same already is left alone. Costs a fixed number of statements. Raises Invalid for a
    word that no taxonomy has.
    """
    ids = sorted(docs)
    session.execute(
        select(Organization.id).where(Organization.id.in_(ids)).order_by(Organization.id).with_for_update()
    )
    before = organization_documents(session, ids)
    kept = Kept.of(before, docs)
    if kept.written:
        write_organizations(session, {one: docs[one] for one in kept.written}, at, kept.new)
        session.expire_all()
    return kept


def keep_locations(session: Session, docs: Mapping[UUID, LocationDoc], *, at: datetime) -> Kept:
    """Store venues in the caller's transaction as their documents say; as `keep_organizations`."""
    ids = sorted(docs)
    session.execute(select(Location.id).where(Location.id.in_(ids)).order_by(Location.id).with_for_update())
    before = location_documents(session, ids)
    kept = Kept.of(before, docs)
    if kept.written:
        write_locations(session, {one: docs[one] for one in kept.written}, kept.new, at)
        session.expire_all()
    return kept
