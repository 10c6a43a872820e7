"""A lead writes down that a link worker is away, and who covers; or that they are back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.domain.working_pattern import Away, check_absence
from services.directory.store.database import database
from services.directory.store.link_workers import Absence, LinkWorker, LinkWorkerTeam
from services.directory.store.relay import AccessLog, Idempotency
from shared import audit
from shared.auth import Caller, Role
from shared.clock import uk_date
from shared.errors import Invalid, NotFound
from shared.idempotency import Once

_DAY = timedelta(days=1)


def record_absence(
    worker_id: UUID, away: Away, *, by: Caller, at: datetime, once: Once | None = None
) -> bool:
    """Write down that a link worker is away; routing hears of it with this transaction.

    True where it was written down now, False where `once` says that it was before. Raises NotFound for
    somebody who is not their lead, Invalid naming the field, Conflict for days that are written down already.
    """
    with database.transaction() as session:
        seen = once.replayed(session, Idempotency) if once is not None else None
        teams = _their_teams(session, worker_id, by)
        if seen is not None:
            return False
        others = session.scalars(select(Absence).where(Absence.link_worker_id == worker_id))
        check_absence(
            away,
            [Away(one.from_on, one.to_on, one.cover_id) for one in others],
            worker_id=worker_id,
            on=uk_date(at),
        )
        _check_cover(session, away, teams)
        absence = Absence(
            id=uuid4(),
            link_worker_id=worker_id,
            from_on=away.from_on,
            to_on=away.to_on,
            cover_id=away.cover_id,
        )
        session.add(absence)
        _log(session, by, "record_absence", worker_id, at)
        if once is not None:
            once.done(session, Idempotency, resource_id=absence.id, status=201, at=at)
    return True


def end_absence(worker_id: UUID, absence_id: UUID, *, by: Caller, at: datetime) -> None:
    """They are back: an absence that has begun ends yesterday, one to come is struck out.

    Raises NotFound for somebody who is not their lead, or for an absence that is not theirs or is over.
    """
    today = uk_date(at)
    with database.transaction() as session:
        _their_teams(session, worker_id, by)
        absence = session.scalars(
            select(Absence).where(
                Absence.id == absence_id, Absence.link_worker_id == worker_id, Absence.to_on >= today
            )
        ).one_or_none()
        if absence is None:
            raise NotFound
        if absence.from_on < today:
            absence.to_on = today - _DAY
        else:
            session.delete(absence)
        _log(session, by, "end_absence", worker_id, at)


def leads(by: Caller | None, team_ids: set[UUID]) -> bool:
    """True for a lead of one of these teams."""
    return by is not None and bool(by.teams(Role.LEAD) & team_ids)


def _their_teams(session: Session, worker_id: UUID, by: Caller) -> set[UUID]:
    """The worker's teams; the worker's row is locked, so that two absences are never written at once."""
    worker = session.scalars(
        select(LinkWorker).where(LinkWorker.id == worker_id).with_for_update()
    ).one_or_none()
    teams = set(
        session.scalars(select(LinkWorkerTeam.team_id).where(LinkWorkerTeam.link_worker_id == worker_id))
    )
    if worker is None or not leads(by, teams):
        raise NotFound
    return teams


def _check_cover(session: Session, away: Away, teams: set[UUID]) -> None:
    if away.cover_id is None:
        return
    works_there = session.scalars(
        select(LinkWorkerTeam.team_id)
        .join(LinkWorker, LinkWorker.id == LinkWorkerTeam.link_worker_id)
        .where(
            LinkWorkerTeam.link_worker_id == away.cover_id,
            LinkWorkerTeam.team_id.in_(teams),
            LinkWorker.listed,
        )
        .limit(1)
    ).first()
    if works_there is None:
        raise Invalid.field("/cover_id", "Choose somebody of the same team to cover.")
    also_away = session.scalars(
        select(Absence.id)
        .where(
            Absence.link_worker_id == away.cover_id,
            Absence.from_on <= away.to_on,
            Absence.to_on >= away.from_on,
        )
        .limit(1)
    ).first()
    if also_away is not None:
        raise Invalid.field("/cover_id", "Who is to cover is away on some of these days too.")


def _log(session: Session, by: Caller, act: str, worker_id: UUID, at: datetime) -> None:
    audit.record(
        session, AccessLog, by, act=act, purpose="Working days of the team", subjects=[worker_id], at=at
    )
