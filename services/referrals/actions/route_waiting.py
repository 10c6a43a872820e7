"""Routing late: what came while the directory was away, or what nobody could take before it changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.referrals.actions.acting import Scene, open_scene, perform
from services.referrals.actions.holding import Holding
from services.referrals.actions.passing_on import Destination, put_destination
from services.referrals.actions.route_request import (
    Placement,
    facts_from_rows,
    invitation_of,
    is_self_only,
    place_request,
)
from services.referrals.actions.seeing import SYSTEM
from services.referrals.domain.life import Given
from services.referrals.domain.reasons import DeclineReason
from services.referrals.domain.routing.answer import Entry
from services.referrals.domain.states import Act
from services.referrals.domain.urgency import ALERT
from services.referrals.domain.working_days import uk_day
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.lists import waiting_for_route

PURPOSE = "find a team"
AT_ONCE = 50


def route_waiting(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Try what duty desks hold and was not tried with this copy of the directory today; how many left them.

    By the day alone a pause ends, a service begins, somebody is old enough, an agreement is in force.
    Does nothing while the copy is older than a minute. Each referral is its own transaction; one that
    somebody is working on just now is left for the next run.
    """
    with database.transaction() as session:
        directory = read_directory(session)
        if not directory.is_fresh(at):
            return 0
        waiting = waiting_for_route(session, directory.version, uk_day(at), limit)
    return sum(_route_one(referral_id, at) for referral_id in waiting)


def _route_one(referral_id: UUID, at: datetime) -> bool:
    with database.transaction() as session:
        if not store.try_lock(session, referral_id):
            return False
        return route_now(open_scene(session, referral_id, by=SYSTEM, at=at), at)


def route_now(scene: Scene, at: datetime) -> bool:
    """Look for a team in a scene of the system's; whether the referral left the desk.

    Nothing is done where it does not wait for a team, or while the directory's copy is older than a minute.
    """
    directory, row = scene.directory, scene.row
    if row.routing_state != "unrouted" or row.status != "received" or not directory.is_fresh(at):
        return False
    placement = _place(scene, directory, at)
    row.tried_version, row.tried_on = placement.tried_version, uk_day(at)
    row.routing = dict(placement.answer) if placement.answer is not None else None
    if placement.refused is not None and is_self_only(placement.refused) and row.urgency != ALERT:
        return _return_with_invitation(scene, placement.refused)
    if placement.state == "unrouted" or placement.service is None:
        return False
    to, owner = Destination(placement.team_id, placement.service, placement.route_in), row.owner_org_id
    perform(scene, Act.ROUTE, to.given, purpose=PURPOSE)
    put_destination(scene, to, owner)
    row.routing_state = placement.state
    return True


def _place(scene: Scene, directory: Directory, at: datetime) -> Placement:
    row = scene.row
    facts = facts_from_rows(scene.session, row, store.person_of(scene.session, row))
    holding = Holding.of_row(row, scene.agreements)
    return place_request(facts, row.target_service_id, directory, row.place_id, at, holding)


def _return_with_invitation(scene: Scene, refused: Entry) -> bool:
    """It was stored while nobody could tell that people come to that service by themselves: back it goes."""
    perform(
        scene,
        Act.DECLINE,
        Given(content="self_only"),
        reason=DeclineReason.NOT_ELIGIBLE.value,
        reason_text="People come to this service by themselves.",
        outside=invitation_of(refused),
        purpose=PURPOSE,
    )
    return True
