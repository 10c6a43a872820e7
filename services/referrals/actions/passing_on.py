"""To which team may a referral go, and what changes with the team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.referrals.actions.acting import Scene
from services.referrals.domain.holding import NotHeld, why_not_hold
from services.referrals.domain.moves import available_actions
from services.referrals.domain.routing.docs import Service
from services.referrals.domain.sight_facts import may_exchange
from services.referrals.domain.working_days import uk_day
from services.referrals.store.directory import Directory
from services.referrals.store.lives import agreement_facts
from services.referrals.store.tables import AgreementRow, Referral
from shared.errors import Conflict, Invalid


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


def crossing_refusal(
    row: Referral,
    agreements: Sequence[AgreementRow],
    directory: Directory,
    to_team: UUID,
    at: datetime,
) -> str | None:
    """Why this referral may not go to that team: no signed agreement, or the person did not agree."""
    to_org, on = directory.team_org(to_team), uk_day(at)
    if row.taken_up_at is not None and to_org is not None and to_org == row.owner_org_id:
        # What an organisation has taken up is its own record, whoever works on it there.
        return None
    if not may_exchange(row.owner_org_id, to_org, directory.sharing, on):
        return _WHY_NOT[NotHeld.NO_SHARING]
    said = agreement_facts(agreements)
    why = why_not_hold(row.sender_org_id, to_org, row.lawful_basis, said, directory.sharing, on)
    return _WHY_NOT[why] if why is not None else None


_WHY_NOT = {
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


def put_desk(scene: Scene) -> None:
    """What comes with a duty desk: no service yet, and nobody has taken it up. It chooses a team itself."""
    put_target(scene, None)
    scene.row.routing_state = "unrouted"


def put_target(scene: Scene, service: Service | None) -> None:
    """What comes with a new team: its service's policy; nobody there has taken it up yet."""
    row = scene.row
    row.service_id = UUID(service.id) if service else None
    row.ending = service.ending if service else "by_worker"
    row.discreet = service.discreet if service else False
    row.routing_state = "routed"
    row.routed_at = scene.at
    row.taken_up_at = None
