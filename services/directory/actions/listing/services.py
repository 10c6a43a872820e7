"""A service's listing: begun, written section by section, published, taken back, closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.actions.keep_services import keep_service, read_for_change
from services.directory.actions.listing.known import check_known
from services.directory.actions.listing.writers import (
    LastChange,
    check_unchanged,
    last_change,
    may_write,
    record_change,
)
from services.directory.domain.capacity import Capacity
from services.directory.domain.document_checks import check_service
from services.directory.domain.document_json import version_of
from services.directory.domain.documents import ServiceDoc
from services.directory.domain.listing_sections import BECOMES, OFFERED
from services.directory.domain.publishing import missing_to_publish
from services.directory.store.database import database
from services.directory.store.organizations import Organization
from services.directory.store.outbox import outbox
from services.directory.store.queries.documents import service_documents
from services.directory.store.services import Service
from shared.auth import Caller
from shared.errors import Conflict, FieldProblem, NotFound


@dataclass(frozen=True)
class Draft:
    """A listing as its writers see it, published or not; `missing` is what publishing still wants."""

    id: UUID
    doc: ServiceDoc
    capacity: Capacity
    organization: str
    last_modified: datetime

    @property
    def missing(self) -> list[FieldProblem]:
        """What has to be said before it may be published."""
        return missing_to_publish(self.doc, self.capacity)

    @property
    def version(self) -> str:
        """The mark of all it says."""
        return version_of(self.doc)


def draft(service_id: UUID, by: Caller) -> Draft:
    """One listing to write. Raises NotFound for who may not."""
    with database.transaction() as session:
        return _draft(session, service_id, by)


def add_service(organization_id: UUID, name: str, kind: str, *, by: Caller, at: datetime) -> UUID:
    """Begin a listing: a draft that says what it is called and what kind of thing it is."""
    with database.transaction() as session:
        owner = session.get(Organization, organization_id)
        if owner is None or not may_write(by, organization_id):
            raise NotFound
        doc = ServiceDoc(
            organization_id=organization_id,
            name=name,
            kind=kind,
            place_id=owner.place_id,
            languages=("en",),
        )
        return _keep(session, uuid4(), doc, None, by=by, at=at)


def add_document(doc: ServiceDoc, capacity: Capacity, *, by: Caller, at: datetime) -> UUID:
    """Keep a whole new listing, a draft or published. Raises NotFound, Invalid."""
    with database.transaction() as session:
        if session.get(Organization, doc.organization_id) is None or not may_write(by, doc.organization_id):
            raise NotFound
        return _keep(session, uuid4(), doc, None, by=by, at=at, capacity=capacity)


def change_service(
    service_id: UUID, values: Mapping[str, Any], *, seen: str | None, by: Caller, at: datetime
) -> ServiceDoc:
    """Say these fields of a listing anew; nothing else of it changes.

    `seen` is the mark (`version_of`) of these very fields as they were read. Raises NotFound for who may
    not, ChangedSince where somebody else changed them, Invalid naming fields, as for a published one that
    would lack something.
    """
    with database.transaction() as session:
        before = _locked(session, service_id, by)
        check_unchanged(session, "service", service_id, before, seen, values)
        after = replace(before, **values)
        _keep(session, service_id, after, before, by=by, at=at)
    return after


def replace_service(service_id: UUID, doc: ServiceDoc, *, seen: str, by: Caller, at: datetime) -> str:
    """Say the whole listing anew; the mark of what it then says. Raises as `change_service`."""
    with database.transaction() as session:
        before = _locked(session, service_id, by)
        check_unchanged(session, "service", service_id, before, seen, None)
        if doc.organization_id != before.organization_id and not may_write(by, doc.organization_id):
            raise NotFound
        _keep(session, service_id, doc, before, by=by, at=at)
        return version_of(service_documents(session, [service_id])[service_id])


def set_status(service_id: UUID, act: str, *, by: Caller, at: datetime) -> str:
    """Do one of what `OFFERED` has for the listing's status; the status it then has.

    Raises NotFound, Conflict where its status does not offer this, Invalid naming what is missing.
    """
    with database.transaction() as session:
        before = _locked(session, service_id, by)
        if act not in OFFERED[before.status]:
            raise Conflict(
                "That cannot be done with this listing now.", available_actions=list(OFFERED[before.status])
            )
        after = replace(before, status=str(BECOMES[act]))
        _keep(session, service_id, after, before, by=by, at=at)
    return after.status


def _keep(
    session: Session,
    service_id: UUID,
    doc: ServiceDoc,
    before: ServiceDoc | None,
    *,
    by: Caller,
    at: datetime,
    capacity: Capacity | None = None,
) -> UUID:
    check_service(doc)
    check_known(session, doc, before, by)
    kept = keep_service(session, service_id, doc, at=at, capacity=capacity or Capacity())
    if kept.new or kept.changed:
        record_change(session, "service", service_id, before, doc, by=by, at=at)
        outbox.add(session, "service.updated.v1", subject=service_id, at=at, service_id=str(service_id))
    return service_id


def _locked(session: Session, service_id: UUID, by: Caller) -> ServiceDoc:
    doc = read_for_change(session, service_id)
    if doc is None or not may_write(by, doc.organization_id):
        raise NotFound
    return doc


def _draft(session: Session, service_id: UUID, by: Caller) -> Draft:
    row = session.execute(
        select(Service, Organization.name)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.id == service_id)
    ).one_or_none()
    if row is None or not may_write(by, row[0].organization_id):
        raise NotFound
    service, organization = row
    doc = service_documents(session, [service_id])[service_id]
    return Draft(service_id, doc, service.capacity, organization, service.last_modified)


def last_change_of(service_id: UUID) -> LastChange | None:
    """Who changed a listing last, and when."""
    with database.transaction() as session:
        return last_change(session, "service", service_id)
