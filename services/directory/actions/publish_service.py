"""Publish a service: all that is required is there, or nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.domain.listings import ServiceStatus
from services.directory.domain.publishing import Listing, check_publishable
from services.directory.store.services import Service, ServiceArea, ServiceTerm
from services.directory.store.table import Table
from services.directory.store.taxonomy import NEEDS, TaxonomyTerm
from services.directory.store.teams import TeamService
from shared.errors import Invalid

Part = TypeVar("Part", bound=Table)


def publish_service(
    session: Session,
    service: Service,
    *,
    needs: Sequence[str],
    areas: Sequence[tuple[str, str]],
    team_ids: Iterable[UUID] = (),
    at: datetime,
    status: ServiceStatus = ServiceStatus.ACTIVE,
) -> Service:
    """Store `service` in the caller's transaction, with its needs, patch (kind, code) and teams.

    What was stored under its id before is replaced; `last_modified` is `at` where that changed anything. With
    another `status` than active it is kept and not published. Raises `Invalid` naming what is missing.
    """
    if status == ServiceStatus.ACTIVE:
        check_publishable(_listing(service, needs, areas))
    with session.no_autoflush:
        terms = _terms(session, needs)
        service.status = status
        stored = session.merge(service)
    if stored in session.new or session.is_modified(stored):
        stored.last_modified = at
    session.flush()
    if _replace_parts(session, stored, terms, areas, team_ids):
        stored.last_modified = at
    return stored


def _replace_parts(
    session: Session,
    stored: Service,
    terms: Sequence[UUID],
    areas: Sequence[tuple[str, str]],
    team_ids: Iterable[UUID],
) -> bool:
    """Bring what hangs on it up to what was said; True where that changed anything."""
    needs_changed = _replace(
        session,
        session.scalars(select(ServiceTerm).where(ServiceTerm.service_id == stored.id)),
        [ServiceTerm(service_id=stored.id, term_id=term) for term in terms],
        key=lambda row: row.term_id,
    )
    patch_changed = _replace(
        session,
        session.scalars(select(ServiceArea).where(ServiceArea.service_id == stored.id)),
        [ServiceArea(service_id=stored.id, kind=kind, code=code) for kind, code in areas],
        key=lambda row: (row.kind, row.code),
    )
    teams_changed = _replace(
        session,
        session.scalars(select(TeamService).where(TeamService.service_id == stored.id)),
        [TeamService(team_id=team_id, service_id=stored.id) for team_id in team_ids],
        key=lambda row: row.team_id,
    )
    return needs_changed or patch_changed or teams_changed


def _replace(
    session: Session, there: Iterable[Part], wanted: Iterable[Part], *, key: Callable[[Part], Hashable]
) -> bool:
    """Leave what stays, delete what goes, add what comes; True where anything goes or comes."""
    old = {key(row): row for row in there}
    new = {key(row): row for row in wanted}
    for gone in old.keys() - new.keys():
        session.delete(old[gone])
    session.add_all(row for at, row in new.items() if at not in old)
    return old.keys() != new.keys()


def _terms(session: Session, needs: Sequence[str]) -> list[UUID]:
    rows = session.execute(select(TaxonomyTerm.code, TaxonomyTerm.id).where(TaxonomyTerm.taxonomy == NEEDS))
    known = dict(rows.all())
    unknown = [code for code in needs if code not in known]
    if unknown:
        raise Invalid.field("/needs", f"These needs are not known here: {', '.join(unknown)}.")
    return [known[code] for code in needs]


def _listing(service: Service, needs: Sequence[str], areas: Sequence[tuple[str, str]]) -> Listing:
    return Listing(
        name=service.name,
        kind=service.kind,
        who_for=service.who_for or "",
        not_for=service.not_for or "",
        differs=service.differs or "",
        support_type=service.support_type,
        ending=service.ending,
        needs=tuple(needs),
        routes_in=tuple(service.routes_in or ()),
        area_basis=tuple(service.area_basis or ()),
        areas=tuple(code for _, code in areas),
        says_capacity=service.capacity_limit is not None
        or service.open_places is not None
        or bool(service.ask_first),
        invitation=service.invitation or "",
        has_contact=bool(service.contact_name or service.phone or service.email),
        open_to_others=bool(service.open_to_others),
    )
