"""Services written from documents, many at once, with the parts that hang on them. A few statements for all.

These statements go round the mapper, so what changed is marked for the routing snapshot here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, tuple_, update
from sqlalchemy.orm import Session

from services.directory.domain.documents import Opening, ServiceDoc, Telephone, Term
from services.directory.domain.opening import hours_of
from services.directory.domain.part_ids import area_id, part_id, venue_id
from services.directory.store.listing_parts import Contact, CostOption, Phone, ServicePolygon
from services.directory.store.locations import ServiceAtLocation
from services.directory.store.queries.documents import SERVICE_COLUMNS
from services.directory.store.routing_marks import Mark, mark
from services.directory.store.schedules import OpenHours, Schedule
from services.directory.store.services import Service, ServiceArea, ServiceTerm
from services.directory.store.table import Table
from services.directory.store.taxonomy import TaxonomyTerm
from services.directory.store.teams import TeamService
from shared.errors import Invalid

Values = dict[str, Any]
Docs = Mapping[UUID, ServiceDoc]
# In the order in which they may be emptied and filled again.
_PARTS: tuple[type[Table], ...] = (
    OpenHours, Schedule, Phone, Contact, CostOption, ServicePolygon, ServiceArea, ServiceTerm,
    ServiceAtLocation, TeamService,
)  # fmt: skip


def write_services(session: Session, docs: Docs, at: datetime, new: Mapping[UUID, Values]) -> None:
    """Store these services as the documents say, changed at `at`.

    `new` has, for each that was not there before, its further columns: what it can take. Raises Invalid for
    a word that no taxonomy has.
    """
    terms = term_ids(session, {term for doc in docs.values() for term in doc.terms})
    rows = {one: {"id": one, **_columns(doc), "last_modified": at} for one, doc in docs.items()}
    # What is there is not inserted over: a row without its capacity would break the rules of a scheme.
    insert_rows(session, Service, [{**row, **new[one]} for one, row in rows.items() if one in new])
    if there := [row for one, row in rows.items() if one not in new]:
        session.execute(update(Service), there)
    teams = _teams_before(session, list(docs))
    for table in _PARTS:
        session.execute(delete(table).where(table.__table__.c.service_id.in_(list(docs))))
    for table, values in _parts(docs, terms):
        insert_rows(session, table, values)
    changed_teams = teams ^ {(one, team) for one, doc in docs.items() for team in doc.team_ids}
    mark(session, [Mark("service", str(one)) for one in docs])
    mark(session, [Mark("team", str(team)) for _, team in changed_teams])


def term_ids(session: Session, terms: Iterable[Term]) -> dict[Term, UUID]:
    """The ids of these words. Raises Invalid naming those that no taxonomy has."""
    wanted = list(terms)
    found = {
        Term(taxonomy, code): id
        for taxonomy, code, id in session.execute(
            select(TaxonomyTerm.taxonomy, TaxonomyTerm.code, TaxonomyTerm.id).where(
                tuple_(TaxonomyTerm.taxonomy, TaxonomyTerm.code).in_([(t.taxonomy, t.code) for t in wanted])
            )
        )
    }
    unknown = sorted((term.taxonomy, term.code) for term in wanted if term not in found)
    if unknown:
        taxonomy = unknown[0][0]
        codes = ", ".join(code for name, code in unknown if name == taxonomy)
        raise Invalid.field(f"/{taxonomy}", f"These {taxonomy} are not known here: {codes}.")
    return found


def _columns(doc: ServiceDoc) -> Values:
    values = {name: getattr(doc, name) for name in SERVICE_COLUMNS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def insert_rows(session: Session, table: type[Table], rows: list[Values]) -> None:
    """Insert rows that all have the same columns. One statement for all, which need not be compiled anew."""
    if rows:
        session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]


def _teams_before(session: Session, ids: list[UUID]) -> set[tuple[UUID, UUID]]:
    rows = session.execute(
        select(TeamService.service_id, TeamService.team_id).where(TeamService.service_id.in_(ids))
    )
    return {(service_id, team_id) for service_id, team_id in rows}


def _parts(docs: Docs, terms: Mapping[Term, UUID]) -> Iterator[tuple[type[Table], list[Values]]]:
    pairs = list(docs.items())
    yield (
        ServiceTerm,
        [{"service_id": one, "term_id": terms[term]} for one, doc in pairs for term in doc.terms],
    )
    yield (
        ServiceArea,
        [
            {"id": area_id(one, area.kind, area.code), "service_id": one, **asdict(area)}
            for one, doc in pairs
            for area in doc.areas
        ],
    )
    yield TeamService, [{"service_id": one, "team_id": team} for one, doc in pairs for team in doc.team_ids]
    yield (
        ServiceAtLocation,
        [
            {"id": venue_id(one, venue.location_id), "service_id": one, **asdict(venue)}
            for one, doc in pairs
            for venue in doc.locations
        ],
    )
    yield (
        ServicePolygon,
        [
            {**_place(one, "polygon", n), "name": polygon.name, "extent": dict(polygon.extent)}
            for one, doc in pairs
            for n, polygon in enumerate(doc.polygons)
        ],
    )
    yield (
        CostOption,
        [
            {**_place(one, "cost", n), **asdict(cost)}
            for one, doc in pairs
            for n, cost in enumerate(doc.costs)
        ],
    )
    schedules = [(one, n, s) for one, doc in pairs for n, s in enumerate(doc.schedules)]
    yield Schedule, [{**_place(one, "schedule", n), **asdict(schedule)} for one, n, schedule in schedules]
    yield OpenHours, [row for one, n, schedule in schedules for row in _open_hours(one, n, schedule)]
    contacts = [(one, n, c) for one, doc in pairs for n, c in enumerate(doc.contacts)]
    yield (
        Contact,
        [
            {
                **_place(one, "contact", n),
                "name": contact.name,
                "title": contact.title,
                "department": contact.department,
                "email": contact.email,
            }
            for one, n, contact in contacts
        ],
    )
    yield Phone, [row for one, doc in pairs for row in _phones(one, doc)]


def _place(owner: UUID, part: str, position: int) -> Values:
    return {"id": part_id(owner, part, position), "service_id": owner, "position": position}


def _open_hours(service_id: UUID, position: int, schedule: Opening) -> list[Values]:
    schedule_id = part_id(service_id, "schedule", position)
    return [
        {
            "id": part_id(schedule_id, "hours", n),
            "service_id": service_id,
            "schedule_id": schedule_id,
            **asdict(one),
        }
        for n, one in enumerate(hours_of(schedule))
    ]


def _phones(service_id: UUID, doc: ServiceDoc) -> list[Values]:
    said: list[tuple[UUID | None, Telephone]] = [(None, phone) for phone in doc.phones]
    for n, contact in enumerate(doc.contacts):
        said += [(part_id(service_id, "contact", n), phone) for phone in contact.phones]
    return [
        {
            **_place(service_id, "phone", n),
            "contact_id": contact_id,
            **asdict(phone),
            "languages": list(phone.languages),
        }
        for n, (contact_id, phone) in enumerate(said)
    ]
