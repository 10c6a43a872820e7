"""Organisations and venues written from documents, many at once, with the parts that hang on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.directory.domain.documents import LocationDoc, OrganizationDoc, Term
from services.directory.domain.part_ids import identifier_id, part_id
from services.directory.domain.taxonomies import ACCESSIBILITY
from services.directory.store.locations import Accessibility, Location, ServiceAtLocation
from services.directory.store.organizations import Organization, OrganizationIdentifier, OrganizationTerm
from services.directory.store.queries.documents import LOCATION_COLUMNS, ORGANIZATION_COLUMNS
from services.directory.store.routing_marks import Mark, mark
from services.directory.store.service_writing import insert_rows, term_ids
from services.directory.store.services import Service

Values = dict[str, Any]
_UNTIED: Values = {"host_id": None, "parent_id": None}


def write_organizations(
    session: Session, docs: Mapping[UUID, OrganizationDoc], at: datetime, new: frozenset[UUID]
) -> None:
    """Store these organisations as the documents say, changed at `at`; `new` are those not there before.

    Hosts and umbrellas that come new stand before those they are named by. Raises Invalid for a word that no
    taxonomy has.
    """
    terms = term_ids(session, {term for doc in docs.values() for term in doc.terms})
    rows = {
        one: {"id": one, **_columns(doc, ORGANIZATION_COLUMNS), "last_modified": at}
        for one, doc in docs.items()
    }
    # One that comes new may name another of them: the ties are set when all are there.
    insert_rows(session, Organization, [{**rows[one], **_UNTIED} for one in docs if one in new])
    session.execute(update(Organization), list(rows.values()))
    for table in (OrganizationIdentifier, OrganizationTerm):
        session.execute(delete(table).where(table.organization_id.in_(list(docs))))
    insert_rows(
        session,
        OrganizationIdentifier,
        [
            {
                "id": identifier_id(one, name.scheme, name.identifier),
                "organization_id": one,
                "scheme": name.scheme,
                "identifier": name.identifier,
            }
            for one, doc in docs.items()
            for name in doc.identifiers
        ],
    )
    insert_rows(
        session,
        OrganizationTerm,
        [{"organization_id": one, "term_id": terms[term]} for one, doc in docs.items() for term in doc.terms],
    )
    mark(session, [Mark("organization", str(one)) for one in docs])


def write_locations(
    session: Session, docs: Mapping[UUID, LocationDoc], new: frozenset[UUID], at: datetime
) -> None:
    """Store these venues as the documents say; `new` are those not there before.

    The services found there changed with them, at `at`. Raises Invalid for a word that no taxonomy has.
    """
    terms = term_ids(
        session,
        {Term(ACCESSIBILITY, way.code) for doc in docs.values() for way in doc.accessibility if way.code},
    )
    rows = {one: {"id": one, **_columns(doc, LOCATION_COLUMNS)} for one, doc in docs.items()}
    insert_rows(session, Location, [row for one, row in rows.items() if one in new])
    if there := [row for one, row in rows.items() if one not in new]:
        session.execute(update(Location), there)
    session.execute(delete(Accessibility).where(Accessibility.location_id.in_(list(docs))))
    insert_rows(
        session,
        Accessibility,
        [
            {
                "id": part_id(one, "accessibility", n),
                "location_id": one,
                "position": n,
                "term_id": terms[Term(ACCESSIBILITY, way.code)] if way.code else None,
                "description": way.description,
                "details": way.details,
                "url": way.url,
            }
            for one, doc in docs.items()
            for n, way in enumerate(doc.accessibility)
        ],
    )
    _note_services_there(session, list(docs), at)


def _note_services_there(session: Session, ids: list[UUID], at: datetime) -> None:
    found = list(
        session.scalars(
            select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id.in_(ids)).distinct()
        )
    )
    if found:
        session.execute(update(Service), [{"id": one, "last_modified": at} for one in sorted(found)])
        mark(session, [Mark("service", str(one)) for one in found])


def _columns(doc: object, names: tuple[str, ...]) -> Values:
    return {name: getattr(doc, name) for name in names}
