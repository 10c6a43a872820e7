"""All that is public of one service besides what lists show: hours, prices, people, venues, texts, words.

No private location is ever in it, and of a discreet service none at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from services.directory.domain.documents import (
    ContactPerson,
    Cost,
    Opening,
    PatchArea,
    ServiceDoc,
    Telephone,
    Term,
    WayIn,
)
from services.directory.domain.taxonomies import CIRCUMSTANCES, ORGANIZATION_HERE
from services.directory.store.database import database
from services.directory.store.listing_parts import Narrative
from services.directory.store.locations import Accessibility, Location, ServiceAtLocation
from services.directory.store.organizations import Organization
from services.directory.store.queries.documents import service_documents
from services.directory.store.taxonomy import Taxonomy, TaxonomyTerm


@dataclass(frozen=True)
class ShownVenue:
    """A venue as anybody may see it."""

    id: UUID
    name: str
    description: str
    address: str
    postal_code: str | None
    transportation: str | None
    location_type: str
    ways: tuple[tuple[str, WayIn], ...]
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Text:
    """The last version of a text for one audience."""

    text: str
    signed_by: tuple[str, ...]
    review_on: date


@dataclass(frozen=True)
class ServiceFacts:
    """What a page, and the API, show of one service."""

    schedules: tuple[Opening, ...]
    costs: tuple[Cost, ...]
    contacts: tuple[ContactPerson, ...]
    phones: tuple[Telephone, ...]
    venues: tuple[ShownVenue, ...]
    drawn: tuple[str, ...]
    texts: dict[str, Text]
    only_for: tuple[str, ...]
    further: tuple[tuple[str, str], ...]
    areas: frozenset[PatchArea]


def service_facts(service_id: UUID, organization_name: str) -> ServiceFacts:
    """The further facts of a published service. 16 queries, whatever it says."""
    with database.transaction() as session:
        doc = service_documents(session, [service_id])[service_id]
        shown = () if doc.discreet else _venues(session, service_id)
        there = {venue.id for venue in shown}
        return ServiceFacts(
            # A time of a venue that is not shown would say that there is one.
            schedules=tuple(s for s in doc.schedules if s.location_id is None or s.location_id in there),
            costs=doc.costs,
            contacts=doc.contacts,
            phones=doc.phones,
            venues=shown,
            drawn=tuple(polygon.name for polygon in doc.polygons),
            texts=_texts(session, service_id),
            only_for=_only_for(session, doc, organization_name),
            further=_further(session, doc.terms),
            areas=doc.areas,
        )


def _venues(session: Session, service_id: UUID) -> tuple[ShownVenue, ...]:
    rows = session.scalars(
        select(Location)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .where(ServiceAtLocation.service_id == service_id, Location.private.is_(False))
        .order_by(ServiceAtLocation.main.desc(), Location.name)
    ).all()
    ways: dict[UUID, list[tuple[str, WayIn]]] = {}
    for of, name, code, description, details, url in session.execute(
        select(
            Accessibility.location_id,
            TaxonomyTerm.name,
            TaxonomyTerm.code,
            Accessibility.description,
            Accessibility.details,
            Accessibility.url,
        )
        .outerjoin(TaxonomyTerm, TaxonomyTerm.id == Accessibility.term_id)
        .where(Accessibility.location_id.in_([row.id for row in rows]))
        .order_by(Accessibility.position)
    ):
        ways.setdefault(of, []).append((name or "", WayIn(code, description, details, url)))
    return tuple(
        ShownVenue(
            row.id,
            row.name,
            row.description,
            ", ".join(
                part for part in (row.address_1, row.city, row.state_province, row.postal_code) if part
            ),
            row.postal_code,
            row.transportation,
            row.location_type,
            tuple(ways.get(row.id, ())),
            row.latitude,
            row.longitude,
        )
        for row in rows
    )


def _texts(session: Session, service_id: UUID) -> dict[str, Text]:
    last = (
        select(Narrative.audience, func.max(Narrative.version))
        .where(Narrative.service_id == service_id)
        .group_by(Narrative.audience)
    )
    rows = session.scalars(
        select(Narrative)
        .where(tuple_(Narrative.audience, Narrative.version).in_(last), Narrative.service_id == service_id)
        .order_by(Narrative.audience)
    ).all()
    signers = {one for row in rows for one in row.signed_by}
    names = dict(
        session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(signers))).all()
    )
    return {
        row.audience: Text(
            row.text, tuple(names[one] for one in row.signed_by if one in names), row.review_on
        )
        for row in rows
    }


def _only_for(session: Session, doc: ServiceDoc, organization_name: str) -> tuple[str, ...]:
    said = dict(
        session.execute(
            select(TaxonomyTerm.code, TaxonomyTerm.description).where(
                TaxonomyTerm.taxonomy == CIRCUMSTANCES, TaxonomyTerm.code.in_(doc.circumstances)
            )
        ).all()
    )
    return tuple(_people(code, said.get(code, ""), organization_name) for code in doc.circumstances)


def _people(code: str, who: str, organization_name: str) -> str:
    if not who:
        return code.replace("_", " ")
    return f"people who {who}".replace(ORGANIZATION_HERE, organization_name)


def _further(session: Session, terms: frozenset[Term]) -> tuple[tuple[str, str], ...]:
    wanted = sorted({term.taxonomy for term in terms})
    rows: Sequence[tuple[str, str, str, str]] = [
        (taxonomy, code, of, name)
        for taxonomy, code, of, name in session.execute(
            select(TaxonomyTerm.taxonomy, TaxonomyTerm.code, Taxonomy.name, TaxonomyTerm.name)
            .join(Taxonomy, Taxonomy.code == TaxonomyTerm.taxonomy)
            .where(
                Taxonomy.ours.is_(False),
                Taxonomy.code.in_(wanted),
                TaxonomyTerm.code.in_([term.code for term in terms]),
            )
            .order_by(Taxonomy.name, TaxonomyTerm.name)
        )
    ]
    return tuple((of, name) for taxonomy, code, of, name in rows if Term(taxonomy, code) in terms)
