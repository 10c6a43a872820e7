"""Published services: found by words, need, kind and place; and one with all its facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, case, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from services.directory.domain.freshness import Freshness, freshness
from services.directory.domain.listings import BASIS_WORDS, AreaBasis, ServiceStatus
from services.directory.domain.taxonomies import NEEDS
from services.directory.domain.waits import Measured, Wait, shown_load, shown_wait
from services.directory.store.database import database
from services.directory.store.organizations import Organization
from services.directory.store.places import Place
from services.directory.store.queries.finding import all_words, cursor_id, nearly, wanted_words
from services.directory.store.queries.service_parts import ServiceParts, parts_of_services
from services.directory.store.services import Service, ServiceTerm, Verification
from services.directory.store.taxonomy import ConnectorRole, TaxonomyTerm
from services.directory.store.waits import MeasuredWait
from shared import paging

# Still to be found by those who have its address, with its status said.
SHOWN = (ServiceStatus.ACTIVE, ServiceStatus.TEMPORARILY_CLOSED)
Found = Select[*tuple[Any, ...]]
_WHOLE = (Service, Organization, Place, ConnectorRole.name, MeasuredWait)


@dataclass(frozen=True)
class Wanted:
    """A search. `need` is a code, `place` a place's code; `cursor` goes on after an earlier page."""

    q: str = ""
    need: str | None = None
    kind: str | None = None
    place: str | None = None
    limit: int = 25
    cursor: str | None = None


@dataclass(frozen=True)
class ServiceView:
    """A published service with what hangs on it. No private location is ever in it."""

    service: Service
    organization: Organization
    place: Place | None
    role: str | None
    measured: Measured | None
    parts: ServiceParts

    @property
    def area_words(self) -> str:
        """The patch in words: its own, else whom it takes."""
        if self.service.area_words:
            return self.service.area_words
        return "; ".join(BASIS_WORDS[AreaBasis(basis)] for basis in self.service.area_basis)

    def wait(self, on: date) -> Wait:
        """How long until somebody can start: measured where that can be, else as the service says."""
        return shown_wait(self.service.declared_wait_days, self.measured, on)

    def load(self, on: date) -> int | None:
        """How many people it has now, None where that is not counted or not shown."""
        return shown_load(self.measured, on, discreet=self.service.discreet)

    def freshness(self, on: date) -> Freshness:
        """How far it may be relied on, on this day."""
        return freshness(self.parts.checked, on)


def find_services(wanted: Wanted, on: date) -> tuple[list[ServiceView], str | None]:
    """One page and the next cursor: name before text, checked before unchecked, then by name.

    Costs 1 + 6 queries. Raises Malformed for a cursor that is not ours.
    """
    words = wanted_words(wanted.q)
    rank = _rank(words)
    stale = case((_checked_until(on), 0), else_=1)
    name = func.lower(Service.name)
    query = _filtered(wanted, words, _with_owners(select(*_WHOLE, rank, stale, name)))
    after = paging.decode(wanted.cursor, (int, int, str, str))
    if after is not None:
        *sorted_by, last_id = after
        here = tuple_(*(literal(key) for key in sorted_by), literal(cursor_id(last_id)))
        query = query.where(tuple_(rank, stale, name, Service.id) > here)
    query = query.order_by(rank, stale, name, Service.id).limit(wanted.limit + 1)
    with database.transaction() as session:
        rows = session.execute(query).all()
        page = rows[: wanted.limit]
        views = _views(session, page)
    if len(rows) <= wanted.limit:
        return views, None
    last = page[-1]
    return views, paging.encode(*last[len(_WHOLE) :], str(last[0].id))


def get_service(service_id: UUID) -> ServiceView | None:
    """One published service, None where there is none. Costs 1 + 6 queries."""
    query = _with_owners(select(*_WHOLE)).where(Service.id == service_id, Service.status.in_(SHOWN))
    with database.transaction() as session:
        row = session.execute(query).one_or_none()
        return _views(session, [row])[0] if row is not None else None


def _with_owners(query: Found) -> Found:
    return (
        query.join(Organization, Organization.id == Service.organization_id)
        .outerjoin(Place, Place.id == Service.place_id)
        .outerjoin(ConnectorRole, ConnectorRole.code == Service.connector_role)
        .outerjoin(MeasuredWait, MeasuredWait.service_id == Service.id)
    )


def _views(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[ServiceView]:
    parts = parts_of_services(session, [row[0].id for row in rows])
    return [
        ServiceView(
            service=row[0],
            organization=row[1],
            place=row[2],
            role=row[3],
            measured=row[4].measured if row[4] is not None else None,
            parts=parts[row[0].id],
        )
        for row in rows
    ]


def _filtered(wanted: Wanted, words: list[str], query: Found) -> Found:
    query = query.where(Service.status == ServiceStatus.ACTIVE)
    if words:
        named = select(Service.id).where(nearly(Service.words, words))
        owned = (
            select(Service.id)
            .join(Organization, Organization.id == Service.organization_id)
            .where(all_words(Organization.name, words))
        )
        meeting = (
            select(ServiceTerm.service_id)
            .join(TaxonomyTerm, TaxonomyTerm.id == ServiceTerm.term_id)
            .where(nearly(TaxonomyTerm.name, words))
        )
        query = query.where(Service.id.in_(named.union(owned, meeting)))
    if wanted.need:
        of_need = (
            select(ServiceTerm.service_id)
            .join(TaxonomyTerm, TaxonomyTerm.id == ServiceTerm.term_id)
            .where(TaxonomyTerm.taxonomy == NEEDS, TaxonomyTerm.code == wanted.need)
        )
        query = query.where(Service.id.in_(of_need))
    if wanted.kind:
        query = query.where(Service.kind == wanted.kind)
    if wanted.place:
        query = query.where(or_(Place.code == wanted.place, Service.place_id.is_(None)))
    return query


def _rank(words: list[str]) -> Any:
    if not words:
        return case((Service.id.is_not(None), 0), else_=0)
    return case((all_words(Service.name, words), 0), (all_words(Service.words, words), 1), else_=2)


def _checked_until(on: date) -> Any:
    """Somebody made sure of it, and every check still holds."""
    of_service = select(Verification.service_id).where(Verification.service_id == Service.id)
    return exists(of_service) & ~exists(of_service.where(Verification.valid_until < on))
