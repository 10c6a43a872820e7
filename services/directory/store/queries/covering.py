"""Which link workers cover an area or a practice, and which of them, or their covers, are there on a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Select, exists, or_, select, tuple_

from services.directory.domain.listings import AreaBasis, AreaKind, ServiceStatus
from services.directory.store.link_workers import (
    Absence,
    LinkWorker,
    LinkWorkerArea,
    LinkWorkerTeam,
    SurgerySession,
)
from services.directory.store.listing_parts import ServicePostcode
from services.directory.store.places import Place
from services.directory.store.queries.whereabouts import Whereabouts
from services.directory.store.services import Service, ServiceArea
from services.directory.store.teams import TeamService


def covering(where: Whereabouts) -> ColumnElement[bool]:
    """Their own patch or one of their teams' schemes holds it, or they hold a session in the practice."""
    own = select(LinkWorkerArea.link_worker_id).where(
        tuple_(LinkWorkerArea.kind, LinkWorkerArea.code).in_(where.areas)
    )
    practices = [code for kind, code in where.areas if kind == AreaKind.PRACTICE]
    held = select(SurgerySession.link_worker_id).where(SurgerySession.practice_ods.in_(practices))
    return LinkWorker.id.in_(own.union(held, _of_teams(where)))


def there(on: date) -> ColumnElement[bool]:
    """They work on this day of the week (or nobody said which) and are not away."""
    works = or_(LinkWorker.working_days == [], LinkWorker.working_days.contains([on.weekday()]))
    return works & ~exists(_away(on).where(Absence.link_worker_id == LinkWorker.id))


def covered_today(where: Whereabouts, on: date) -> ColumnElement[bool]:
    """They cover it and are there on this day, or they are there and cover for somebody who would."""
    away = select(Absence.cover_id).join(LinkWorker, LinkWorker.id == Absence.link_worker_id)
    covers = away.where(Absence.from_on <= on, Absence.to_on >= on, LinkWorker.listed, covering(where))
    return there(on) & or_(covering(where), LinkWorker.id.in_(covers))


def _away(on: date) -> Select[object]:
    return select(Absence.id).where(Absence.from_on <= on, Absence.to_on >= on)


def _of_teams(where: Whereabouts) -> Select[object]:
    authorities = [code for kind, code in where.areas if kind == AreaKind.AUTHORITY]
    patch = select(ServiceArea.service_id).where(tuple_(ServiceArea.kind, ServiceArea.code).in_(where.areas))
    drawn = select(ServicePostcode.service_id).where(ServicePostcode.postcode == where.postcode)
    around = select(Place.id).where(Place.authorities.overlap(authorities))
    return (
        select(LinkWorkerTeam.link_worker_id)
        .join(TeamService, TeamService.team_id == LinkWorkerTeam.team_id)
        .join(Service, Service.id == TeamService.service_id)
        .where(
            Service.status == ServiceStatus.ACTIVE,
            or_(
                Service.id.in_(patch),
                Service.id.in_(drawn),
                Service.area_basis.contains([AreaBasis.ANYWHERE]) & Service.place_id.in_(around),
            ),
        )
    )
