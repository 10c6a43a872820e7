"""The demo's link workers: who they are, when they work, where they sit, who is away and who covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from services.directory.demo.accounts import DemoPerson
from services.directory.demo.listings import SCHEMES
from services.directory.demo.organizations import PRACTICES
from services.directory.demo.putting import put
from services.directory.demo.tables import rows, words
from services.directory.store.link_workers import Absence, LinkWorker, LinkWorkerTeam, SurgerySession
from shared.auth import Role
from shared.clock import uk_date
from shared.demo_ids import demo_id

_SERVICE_OF_TEAM = {one.team: one.slug for one in reversed(SCHEMES) if one.team}
_PRACTICE_NAMES = {one.ods: one.name for one in PRACTICES if one.ods}


@dataclass(frozen=True)
class DemoWorker:
    """One connector. `away`: first and last day, from the day of loading; `sessions`: (ODS code, weekday)."""

    slug: str
    name: str
    role: str
    team: str
    employer: str | None
    host: str | None
    languages: tuple[str, ...]
    days: tuple[int, ...]
    limit: int | None
    account: str | None
    lead: bool
    away: tuple[int, int] | None
    cover: str | None
    sessions: tuple[tuple[str, int], ...]
    about: str

    @property
    def organization(self) -> str:
        """Who employs or hosts them."""
        return self.employer or self.host or ""


def _worker(row: dict[str, str]) -> DemoWorker:
    away = tuple(int(day) for day in words(row["away"]))
    held = (session.partition(":") for session in words(row["sessions"]))
    return DemoWorker(
        slug=row["slug"],
        name=row["name"],
        role=row["role"],
        team=row["team"],
        employer=row["employer"] or None,
        host=row["host"] or None,
        languages=tuple(words(row["languages"])),
        days=tuple(int(day) for day in words(row["days"])),
        limit=int(row["limit"]) if row["limit"] else None,
        account=row["account"] or None,
        lead=bool(row["lead"]),
        away=(away[0], away[1]) if away else None,
        cover=row["cover"] or None,
        sessions=tuple((ods, int(day)) for ods, _, day in held),
        about=row["about"],
    )


WORKERS: tuple[DemoWorker, ...] = tuple(_worker(row) for row in rows("link_workers"))
# Everybody above who may sign in and is not one of the fixed demo accounts.
LINK_WORKERS: tuple[DemoPerson, ...] = tuple(
    DemoPerson(
        local=one.account,
        name=one.name,
        organization=one.organization,
        team=one.team,
        roles=(Role.WORKER, Role.LEAD) if one.lead else (Role.WORKER,),
        can_sign_in=False,
    )
    for one in WORKERS
    if one.account == one.slug and one.slug != "linkworker"
)


def load_link_workers(session: Session, at: datetime) -> None:
    """Link workers, their teams, sessions and absences; listings and accounts are there already."""
    for one in WORKERS:
        put(session, _row(one))
    session.flush()
    for one in WORKERS:
        worker_id = demo_id("link_worker", one.slug)
        put(session, LinkWorkerTeam(link_worker_id=worker_id, team_id=demo_id("team", one.team)))
        _load_sessions(session, one)
        _load_absence(session, one, at)
    session.flush()


def _row(one: DemoWorker) -> LinkWorker:
    return LinkWorker(
        id=demo_id("link_worker", one.slug),
        account_id=demo_id("account", one.account) if one.account else None,
        name=one.name,
        role=one.role,
        employer_id=demo_id("organization", one.employer) if one.employer else None,
        host_id=demo_id("organization", one.host) if one.host else None,
        about=one.about,
        languages=list(one.languages),
        working_days=list(one.days),
        caseload_limit=one.limit,
        listed=True,
    )


def _load_sessions(session: Session, one: DemoWorker) -> None:
    for ods, weekday in one.sessions:
        put(
            session,
            SurgerySession(
                id=demo_id("surgery_session", f"{one.slug} {ods} {weekday}"),
                link_worker_id=demo_id("link_worker", one.slug),
                service_id=demo_id("service", _SERVICE_OF_TEAM[one.team]),
                practice_ods=ods,
                weekday=weekday,
                name=f"Session at {_PRACTICE_NAMES[ods]}",
                starts_at=time(9, 30),
                ends_at=time(12, 30),
            ),
        )


def _load_absence(session: Session, one: DemoWorker, at: datetime) -> None:
    if one.away is None:
        return
    today, (first, last) = uk_date(at), one.away
    put(
        session,
        Absence(
            id=demo_id("absence", one.slug),
            link_worker_id=demo_id("link_worker", one.slug),
            from_on=today + timedelta(days=first),
            to_on=today + timedelta(days=last),
            cover_id=demo_id("link_worker", one.cover) if one.cover else None,
        ),
    )
