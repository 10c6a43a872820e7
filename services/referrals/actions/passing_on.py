"""To which team may a referral go, and what changes with the team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.referrals.actions.acting import Scene
from services.referrals.actions.holding import Holding
from services.referrals.actions.route_request import NO_AGREEMENT, facts_from_rows, refuse_target
from services.referrals.actions.seeing import SYSTEM
from services.referrals.domain.holding import NotHeld, why_not_hold
from services.referrals.domain.life import Given, RouteIn
from services.referrals.domain.moves import available_actions
from services.referrals.domain.routing.answer import Entry
from services.referrals.domain.routing.criteria import way_in
from services.referrals.domain.routing.docs import Service
from services.referrals.domain.routing.person import PersonFacts
from services.referrals.domain.routing.route import consider
from services.referrals.domain.sight_facts import may_exchange
from services.referrals.domain.working_days import uk_day
from services.referrals.store import referrals as store
from services.referrals.store.directory import Directory
from services.referrals.store.lives import agreement_facts
from services.referrals.store.tables import AgreementRow, Referral
from shared.errors import Conflict, Invalid


@dataclass(frozen=True)
class Destination:
    """Where a referral goes: the team, the service it is for there, and the route by which it comes."""

    team_id: UUID
    service: Service | None
    route_in: RouteIn | None = None
    to_desk: bool = False

    @property
    def given(self) -> Given:
        """As the rules read it."""
        return Given(team_id=self.team_id, to_desk=self.to_desk, content=str(self.team_id))


def team_and_service(
    scene: Scene, team_id: UUID | None, service_id: UUID | None
) -> tuple[UUID, Service | None]:
    """The team that was named, itself or by a service. Raises Invalid at the field."""
    snapshot = scene.directory.snapshot
    if service_id is not None:
        service = snapshot.services.get(str(service_id))
        team = snapshot.team_of(service) if service else None
        if service is None or team is None or service.status != "active":
            raise Invalid.field("/service_id", "Choose a service that has a team here.")
        if team_id is not None and str(team_id) not in service.team_ids:
            raise Invalid.field("/team_id", "This team does not work for that service.")
        return team_id or UUID(team), service
    if team_id is None or str(team_id) not in snapshot.teams:
        raise Invalid.field("/team_id", "Name a team of this place, or a service.")
    only = [s for s in snapshot.teams[str(team_id)].service_ids if s in snapshot.services]
    return team_id, snapshot.services[only[0]] if len(only) == 1 else None


def is_own_record(row: Referral, organization_id: UUID | None) -> bool:
    """What an organisation has taken up is its own record, whoever works on it there."""
    return row.taken_up_at is not None and organization_id is not None and organization_id == row.owner_org_id


def crossing_refusal(
    row: Referral,
    agreements: Sequence[AgreementRow],
    directory: Directory,
    to_team: UUID,
    at: datetime,
) -> str | None:
    """Why this referral may not go to that team: no signed agreement, or the person did not agree."""
    to_org, on = directory.team_org(to_team), uk_day(at)
    if is_own_record(row, to_org):
        return None
    if not may_exchange(row.owner_org_id, to_org, directory.sharing, on):
        return WHY_NOT[NotHeld.NO_SHARING]
    said = agreement_facts(agreements)
    why = why_not_hold(row.sender_org_id, to_org, row.lawful_basis, said, directory.sharing, on)
    return WHY_NOT[why] if why is not None else None


WHY_NOT = {
    NotHeld.NO_SHARING: "No sharing agreement yet between the organisations: the duty desk can help.",
    NotHeld.REFUSED: "The person did not agree that this goes to that organisation.",
    NotHeld.NOT_ASKED: "The person has not been asked whether this may go to that organisation.",
}


def refuse_crossing(scene: Scene, to_team: UUID) -> None:
    """Raise Conflict where `crossing_refusal` has a reason."""
    why = crossing_refusal(scene.row, scene.agreements, scene.directory, to_team, scene.at)
    if why is not None:
        can = available_actions(scene.life, scene.standing, scene.at)
        raise Conflict(why, available_actions=can)


def destination(scene: Scene, team_id: UUID | None, service_id: UUID | None) -> Destination:
    """Where it goes by what was named. Raises Invalid at the field, Conflict where it may not go there.

    The desk of its own place may have anything: without an agreement it sees what choosing a team needs.
    """
    team, service = team_and_service(scene, team_id, service_id)
    row, directory = scene.row, scene.directory
    if team != directory.duty_team(row.place_id):
        refuse_crossing(scene, team)
        _refuse_unworked(scene, team)
    if directory.is_desk(team):
        return Destination(team, None, to_desk=True)
    if service is None:
        return Destination(team, None)
    return Destination(team, service, route_in=_route_into(scene, service))


def _refuse_unworked(scene: Scene, team: UUID) -> None:
    row, directory = scene.row, scene.directory
    holding = Holding.of_row(row, scene.agreements)
    own = is_own_record(row, directory.team_org(team))
    if not holding.is_worked_in(team, directory, uk_day(scene.at), taken_up=own):
        can = available_actions(scene.life, scene.standing, scene.at)
        raise Conflict("Nobody in that team could look after this just now.", available_actions=can)


def _route_into(scene: Scene, service: Service) -> RouteIn:
    """By which route this service gets it. Raises Invalid where the person cannot come to it."""
    facts = facts_from_rows(scene.session, scene.row, store.person_of(scene.session, scene.row))
    entry = fit_of(service, facts, scene.directory, scene.at)
    if entry is not None:
        raise refuse_target(entry, scene.row.routing, pointer="/service_id")
    return way_in(service, facts)


_NO_BAR = frozenset({NO_AGREEMENT, "other_needs"})
"""Agreements are looked at by themselves; which needs a service helps with, a person may judge better."""


def fit_of(service: Service, facts: PersonFacts, directory: Directory, at: datetime) -> Entry | None:
    """Why this person cannot come to this service; None where they can, or where it has to be asked."""
    entry = consider(service.id, facts, directory.snapshot, at, directory.waits)
    if entry is None or entry.wait is not None or entry.asks:
        return None
    others = tuple(reason for reason in entry.reasons if reason.code not in _NO_BAR)
    return replace(entry, reasons=others) if others else None


def _is_discreet(to: Destination, directory: Directory) -> bool:
    """Of a team without a service of its own choosing, any of its services decides."""
    if to.service is not None:
        return to.service.discreet
    snapshot = directory.snapshot
    team = snapshot.teams.get(str(to.team_id))
    of_team = (snapshot.services.get(each) for each in (team.service_ids if team else ()))
    return any(service.discreet for service in of_team if service is not None)


def _is_known(to: Destination, row: Referral) -> bool:
    """Whether the sender is told where somebody passed it on to: its own choice, a desk, or back again."""
    if to.service is not None and UUID(to.service.id) == row.target_service_id:
        return True
    return to.to_desk or (to.team_id == row.received_team_id and not row.discreet)


def put_destination(scene: Scene, to: Destination, owner_before: UUID | None) -> None:
    """What comes with a new team: its service's policy; nobody there has taken it up yet.

    With a duty desk comes its place, and no service: it has to choose a team. Within one organisation what
    was taken up stays its own record.
    """
    row = scene.row
    row.service_id = UUID(to.service.id) if to.service else None
    row.ending = to.service.ending if to.service else "by_worker"
    row.discreet = _is_discreet(to, scene.directory)
    row.owner_named = scene.by is SYSTEM or _is_known(to, row)
    row.routing_state = "unrouted" if to.to_desk else "routed"
    # Also for a desk: what somebody gave it is not for the system to send on.
    row.routed_at = scene.at
    if to.route_in is not None:
        row.route_in = to.route_in.value
    if row.owner_org_id != owner_before:
        row.taken_up_at = None
    if to.to_desk:
        places = scene.directory.desk_places({to.team_id})
        row.place_id = row.place_id if row.place_id in places else next(iter(sorted(places)), row.place_id)
