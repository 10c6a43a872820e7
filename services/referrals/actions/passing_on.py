"""To which team may a referral go, and what changes with the team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.referrals.actions.acting import Scene
from services.referrals.domain.moves import available_actions
from services.referrals.domain.routing.docs import Service
from services.referrals.domain.sight_facts import HELPERS, Purpose, agreed, may_exchange
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
    if to_org is None or to_org in (row.sender_org_id, row.owner_org_id):
        return None
    for one in (row.sender_org_id, row.owner_org_id):
        if not may_exchange(one, to_org, directory.sharing, on):
            return "No sharing agreement yet between the organisations: the duty desk can help."
    said = agreement_facts(agreements)
    answer = agreed(said, to_org, Purpose.SHARE_REFERRAL)
    if answer is None:
        answer = agreed(said, HELPERS, Purpose.SHARE_REFERRAL)
    if answer is False:
        return "The person did not agree that this goes to that organisation."
    if answer is None and row.lawful_basis == "explicit_consent":
        return "The person has not been asked whether this may go to that organisation."
    return None


def refuse_crossing(scene: Scene, to_team: UUID) -> None:
    """Raise Conflict where `crossing_refusal` has a reason."""
    why = crossing_refusal(scene.row, scene.agreements, scene.directory, to_team, scene.at)
    if why is not None:
        can = available_actions(scene.life, scene.standing, scene.at)
        raise Conflict(why, available_actions=can)


def put_target(scene: Scene, service: Service | None) -> None:
    """What comes with a new team: its service's policy; nobody there has taken it up yet."""
    row = scene.row
    row.service_id = UUID(service.id) if service else None
    row.ending = service.ending if service else "by_worker"
    row.discreet = service.discreet if service else False
    row.routing_state = "routed"
    row.routed_at = scene.at
    row.taken_up_at = None
