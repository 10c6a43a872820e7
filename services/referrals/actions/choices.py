"""Whom a referral can be given to: people of the team, and other teams."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.holding import Holding
from services.referrals.actions.list_views import TeamChoice, TeamMember
from services.referrals.actions.passing_on import crossing_refusal, fit_of, is_own_record
from services.referrals.actions.route_request import facts_from_rows
from services.referrals.actions.seeing import NOT_HERE, see_or_404
from services.referrals.domain.routing.people_docs import Member
from services.referrals.domain.routing.person import PersonFacts
from services.referrals.domain.states import Who
from services.referrals.domain.working_days import uk_day
from services.referrals.store import lists
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.tables import AgreementRow, Referral
from shared.auth.caller import Caller
from shared.errors import NotFound


def team_members(referral_id: UUID, *, by: Caller, at: datetime) -> tuple[TeamMember, ...]:
    """People of the owning team, with what they hold, those with room first. NotFound outside it."""
    with database.transaction() as session:
        row, _, directory = _load(session, referral_id, by, at)
        if row.owner_team_id is None:
            return ()
        return people_of_team(session, directory, row.owner_team_id, at)


def people_of_team(
    session: Session, directory: Directory, team_id: UUID, at: datetime
) -> tuple[TeamMember, ...]:
    """Everybody who works a team's queue, with how much they hold; those with room first."""
    held = lists.caseloads(session, team_id)
    found: dict[UUID, TeamMember] = {}
    for doc in directory.team_people(team_id):
        account = UUID(str(doc["account_id"]))
        limit = doc.get("caseload_limit")
        found[account] = TeamMember(
            id=account,
            name=str(doc.get("name") or "Somebody"),
            open_now=held.get(account, 0),
            limit=int(limit) if limit is not None else None,
            away=Member.of(doc).absence(uk_day(at)) is not None,
        )
    return tuple(sorted(found.values(), key=lambda one: (one.away, one.is_full, one.open_now, one.name)))


def team_choices(referral_id: UUID, *, by: Caller, at: datetime) -> tuple[TeamChoice, ...]:
    """Teams of the place and their services; those that may not have it say why. NotFound outside it."""
    with database.transaction() as session:
        row, agreements, directory = _load(session, referral_id, by, at)
        facts = facts_from_rows(session, row, store.person_of(session, row))
        return tuple(_choices(row, agreements, directory, at, facts))


def _load(
    session: Session, referral_id: UUID, by: Caller, at: datetime
) -> tuple[Referral, list[AgreementRow], Directory]:
    row = store.get_referral(session, referral_id)
    if row is None:
        raise NotFound(NOT_HERE)
    directory = read_directory(session)
    agreements = store.agreements_of(session, [row.id])[row.id]
    sight = see_or_404(by, row, agreements, directory, at)
    if not sight.standing.can_act_as(Who.WORKER, Who.LEAD, Who.DUTY_DESK):
        raise NotFound(NOT_HERE)
    return row, agreements, directory


def _desk_choice(row: Referral, directory: Directory) -> list[TeamChoice]:
    """The desk of the place, which may have anything and has to choose a team itself."""
    desk = directory.duty_team(row.place_id)
    if desk is None or desk == row.owner_team_id:
        return []
    name = directory.name("team", desk, "The duty desk")
    organization = directory.name("organization", directory.team_org(desk))
    return [TeamChoice(desk, name, organization, None, None, allowed=True)]


def _choices(
    row: Referral,
    agreements: list[AgreementRow],
    directory: Directory,
    at: datetime,
    facts: PersonFacts,
) -> list[TeamChoice]:
    snapshot, holding = directory.snapshot, Holding.of_row(row, agreements)
    found = _desk_choice(row, directory)
    for service in snapshot.services.values():
        team = snapshot.team_of(service)
        if service.kind != "scheme" or service.status != "active" or team is None:
            continue
        if service.place_id != str(row.place_id) or UUID(team) == row.owner_team_id:
            continue
        why = crossing_refusal(row, agreements, directory, UUID(team), at)
        own = is_own_record(row, directory.team_org(team))
        if why is None and not holding.is_worked_in(UUID(team), directory, uk_day(at), taken_up=own):
            why = "Nobody in that team could look after this just now."
        unfit = fit_of(service, facts, directory, at) if why is None else None
        if unfit is not None:
            why = "; ".join(reason.text for reason in unfit.reasons)
        found.append(
            TeamChoice(
                team_id=UUID(team),
                team_name=directory.name("team", team),
                organization_name=directory.name("organization", service.organization_id),
                service_id=UUID(service.id),
                service_name=service.name,
                allowed=why is None,
                why_not=why,
            )
        )
    return sorted(found, key=lambda one: (not one.allowed, one.service_name or "", str(one.team_id)))
