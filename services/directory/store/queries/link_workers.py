"""Link workers who agreed to be listed, for signed-in practitioners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from services.directory.domain.listings import ServiceStatus
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.database import database
from services.directory.store.link_workers import Absence, LinkWorker, LinkWorkerTeam
from services.directory.store.organizations import Organization
from services.directory.store.queries.covering import covered_today, covering, there
from services.directory.store.queries.finding import all_words, cursor_id, nearly, wanted_words
from services.directory.store.queries.service_parts import grouped
from services.directory.store.queries.whereabouts import Whereabouts
from services.directory.store.services import Service, ServiceTerm
from services.directory.store.taxonomy import ConnectorRole, TaxonomyTerm
from services.directory.store.teams import Team, TeamService
from shared import paging

Found = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class WantedWorkers:
    """A search. `need`, `sector` and `language` are codes; `where` is what they are to cover, and `today`
    leaves only those who are there on the day that is asked about, or who cover for somebody."""

    q: str = ""
    need: str | None = None
    sector: str | None = None
    language: str | None = None
    where: Whereabouts | None = None
    today: bool = False
    limit: int = 25
    cursor: str | None = None


@dataclass(frozen=True)
class Named:
    """Something by its name."""

    id: UUID
    name: str


@dataclass(frozen=True)
class AbsenceView:
    """Days away from today on, and who covers."""

    id: UUID
    from_on: date
    to_on: date
    cover: Named | None


@dataclass(frozen=True)
class LinkWorkerView:
    """A link worker as listed. `organization` employs them, or hosts them where `hosted`."""

    worker: LinkWorker
    role: ConnectorRole
    organization: Organization
    hosted: bool
    teams: tuple[Named, ...]
    services: tuple[Named, ...]
    needs: tuple[str, ...]
    absences: tuple[AbsenceView, ...]
    covers_for: tuple[Named, ...] = ()

    def is_there(self, on: date) -> bool:
        """They work on this day of the week, or nobody said which, and are not away."""
        works = not self.worker.working_days or on.weekday() in self.worker.working_days
        return works and self.away(on) is None

    def away(self, on: date) -> AbsenceView | None:
        """The absence this day falls in."""
        return next((a for a in self.absences if a.from_on <= on <= a.to_on), None)


def find_link_workers(wanted: WantedWorkers, on: date) -> tuple[list[LinkWorkerView], str | None]:
    """One page by name, and the next cursor. Costs 1 + 5 queries. Raises Malformed for a foreign cursor."""
    name = func.lower(LinkWorker.name)
    query = _filtered(wanted, on, _with_owners(select(LinkWorker, ConnectorRole, Organization, name)))
    after = paging.decode(wanted.cursor, (str, str))
    if after is not None:
        here = tuple_(literal(after[0]), literal(cursor_id(after[1])))
        query = query.where(tuple_(name, LinkWorker.id) > here)
    with database.transaction() as session:
        rows = session.execute(query.order_by(name, LinkWorker.id).limit(wanted.limit + 1)).all()
        page = rows[: wanted.limit]
        views = _views(session, [(row[0], row[1], row[2]) for row in page], on)
    more = len(rows) > wanted.limit
    return views, paging.encode(page[-1][3], str(page[-1][0].id)) if more else None


def get_link_worker(worker_id: UUID, on: date) -> LinkWorkerView | None:
    """One listed link worker, None where there is none. Costs 1 + 5 queries."""
    query = _with_owners(select(LinkWorker, ConnectorRole, Organization)).where(LinkWorker.id == worker_id)
    with database.transaction() as session:
        row = session.execute(query).one_or_none()
        return _views(session, [(row[0], row[1], row[2])], on)[0] if row is not None else None


def colleagues(worker_id: UUID) -> list[Named]:
    """Who might cover: the listed link workers of the same teams, by name. One query."""
    mine = select(LinkWorkerTeam.team_id).where(LinkWorkerTeam.link_worker_id == worker_id)
    query = (
        select(LinkWorker.id, LinkWorker.name)
        .join(LinkWorkerTeam, LinkWorkerTeam.link_worker_id == LinkWorker.id)
        .where(LinkWorkerTeam.team_id.in_(mine), LinkWorker.id != worker_id, LinkWorker.listed)
        .distinct()
        .order_by(LinkWorker.name)
    )
    with database.transaction() as session:
        return [Named(*row) for row in session.execute(query)]


def _with_owners(query: Found) -> Found:
    owner = func.coalesce(LinkWorker.employer_id, LinkWorker.host_id)
    return (
        query.join(ConnectorRole, ConnectorRole.code == LinkWorker.role)
        .join(Organization, Organization.id == owner)
        .where(LinkWorker.listed)
    )


def _filtered(wanted: WantedWorkers, on: date, query: Found) -> Found:
    words = wanted_words(wanted.q)
    if wanted.language:
        query = query.where(LinkWorker.languages.contains([wanted.language]))
    if wanted.where is not None:
        query = query.where(covered_today(wanted.where, on) if wanted.today else covering(wanted.where))
    elif wanted.today:
        query = query.where(there(on))
    if words:
        of_service = (
            select(LinkWorkerTeam.link_worker_id)
            .join(TeamService, TeamService.team_id == LinkWorkerTeam.team_id)
            .join(Service, Service.id == TeamService.service_id)
            .where(Service.status == ServiceStatus.ACTIVE, all_words(Service.name, words))
        )
        query = query.where(
            or_(
                nearly(LinkWorker.name, words),
                all_words(LinkWorker.about, words),
                all_words(ConnectorRole.name, words),
                all_words(Organization.name, words),
                LinkWorker.id.in_(of_service),
            )
        )
    if wanted.sector:
        query = query.where(Organization.sector == wanted.sector)
    if wanted.need:
        of_need = (
            select(LinkWorkerTeam.link_worker_id)
            .join(TeamService, TeamService.team_id == LinkWorkerTeam.team_id)
            .join(Service, Service.id == TeamService.service_id)
            .join(ServiceTerm, ServiceTerm.service_id == Service.id)
            .join(TaxonomyTerm, TaxonomyTerm.id == ServiceTerm.term_id)
            .where(
                Service.status == ServiceStatus.ACTIVE,
                TaxonomyTerm.taxonomy == NEEDS,
                TaxonomyTerm.code == wanted.need,
            )
        )
        query = query.where(or_(LinkWorker.id.in_(of_need), LinkWorker.specialisms.contains([wanted.need])))
    return query


def _views(
    session: Session, rows: Sequence[tuple[LinkWorker, ConnectorRole, Organization]], on: date
) -> list[LinkWorkerView]:
    ids = [worker.id for worker, _, _ in rows]
    teams = grouped(session, _teams(ids))
    services = grouped(session, _services(ids))
    needs = grouped(session, _needs(ids))
    absences = grouped(session, _absences(ids, on))
    covers_for = grouped(session, _covers_for(ids, on))
    return [
        LinkWorkerView(
            worker=worker,
            role=role,
            organization=organization,
            hosted=worker.employer_id is None,
            teams=tuple(Named(*row) for row in teams.get(worker.id, ())),
            services=tuple(Named(*row) for row in services.get(worker.id, ())),
            needs=tuple(code for code, _ in needs.get(worker.id, ())),
            absences=tuple(_absence(*row) for row in absences.get(worker.id, ())),
            covers_for=tuple(Named(*row) for row in covers_for.get(worker.id, ())),
        )
        for worker, role, organization in rows
    ]


def _absence(id: UUID, first: date, last: date, cover_id: UUID | None, cover: str | None) -> AbsenceView:
    return AbsenceView(id, first, last, Named(cover_id, cover or "") if cover_id is not None else None)


def _teams(ids: Sequence[UUID]) -> Found:
    return (
        select(LinkWorkerTeam.link_worker_id, Team.id, Team.name)
        .join(Team, Team.id == LinkWorkerTeam.team_id)
        .where(LinkWorkerTeam.link_worker_id.in_(ids))
        .order_by(Team.name)
    )


def _services(ids: Sequence[UUID]) -> Found:
    return (
        select(LinkWorkerTeam.link_worker_id, Service.id, Service.name)
        .join(TeamService, TeamService.team_id == LinkWorkerTeam.team_id)
        .join(Service, Service.id == TeamService.service_id)
        .where(LinkWorkerTeam.link_worker_id.in_(ids), Service.status == ServiceStatus.ACTIVE)
        .order_by(Service.name)
    )


def _needs(ids: Sequence[UUID]) -> Found:
    return (
        select(LinkWorkerTeam.link_worker_id, TaxonomyTerm.code, TaxonomyTerm.position)
        .join(TeamService, TeamService.team_id == LinkWorkerTeam.team_id)
        .join(Service, Service.id == TeamService.service_id)
        .join(ServiceTerm, ServiceTerm.service_id == Service.id)
        .join(TaxonomyTerm, TaxonomyTerm.id == ServiceTerm.term_id)
        .where(
            LinkWorkerTeam.link_worker_id.in_(ids),
            Service.status == ServiceStatus.ACTIVE,
            TaxonomyTerm.taxonomy == NEEDS,
        )
        .distinct()
        .order_by(TaxonomyTerm.position)
    )


def _absences(ids: Sequence[UUID], on: date) -> Found:
    """Who covers is named only where they agreed to be listed."""
    cover = aliased(LinkWorker)
    return (
        select(Absence.link_worker_id, Absence.id, Absence.from_on, Absence.to_on, cover.id, cover.name)
        .outerjoin(cover, (cover.id == Absence.cover_id) & cover.listed)
        .where(Absence.link_worker_id.in_(ids), Absence.to_on >= on)
        .order_by(Absence.from_on)
    )


def _covers_for(ids: Sequence[UUID], on: date) -> Found:
    """Listed colleagues who are away on this day and are covered by these."""
    return (
        select(Absence.cover_id, LinkWorker.id, LinkWorker.name)
        .join(LinkWorker, LinkWorker.id == Absence.link_worker_id)
        .where(Absence.cover_id.in_(ids), Absence.from_on <= on, Absence.to_on >= on, LinkWorker.listed)
        .order_by(LinkWorker.name)
    )
