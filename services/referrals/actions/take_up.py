"""Taking a referral on, passing it back, and moving it between people and teams."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.referrals import config
from services.referrals.actions.acting import Scene, perform, scene_of
from services.referrals.actions.free_text import check_text
from services.referrals.actions.passing_on import put_target, refuse_crossing, team_and_service
from services.referrals.actions.views import Done
from services.referrals.domain.life import Given
from services.referrals.domain.reasons import Audience, outside_wording, read_decline, read_reason
from services.referrals.domain.states import Act
from shared.auth.caller import Caller, Kind
from shared.demo_ids import demo_id
from shared.errors import Invalid


def accept_referral(referral_id: UUID, *, by: Caller, at: datetime, assignee_id: UUID | None = None) -> Done:
    """Take it on: the person becomes part of the assignee's caseload (the caller's, where none is named).

    A system names the worker; in the demo alone it may leave that to us. Raises Invalid at /assignee_id.
    """
    with scene_of(referral_id, by=by, at=at) as scene:
        wanted = assignee_id or _worker_for_system(scene)
        if wanted is not None:
            _check_member(scene, wanted)
        changed = perform(scene, Act.ACCEPT, Given(assignee_id=wanted))
        if changed and scene.row.taken_up_at is None:
            scene.row.taken_up_at = at
        return scene.done(changed=changed)


def _worker_for_system(scene: Scene) -> UUID | None:
    if scene.by.kind is not Kind.CLIENT or not config.is_demo():
        return None
    people = [UUID(str(doc["account_id"])) for doc in scene.directory.team_people(scene.row.owner_team_id)]
    usual = demo_id("account", "linkworker")
    return usual if usual in people else next(iter(people), None)


def _check_member(scene: Scene, account_id: UUID) -> None:
    people = scene.directory.team_people(scene.row.owner_team_id)
    if account_id == scene.standing.account_id and scene.by.kind is Kind.PERSON:
        return
    if str(account_id) not in {str(doc["account_id"]) for doc in people}:
        raise Invalid.field("/assignee_id", "Name somebody who works in the team that has this.")


def decline_referral(
    referral_id: UUID, *, by: Caller, at: datetime, reason: str, text: str | None = None
) -> Done:
    """Pass it back with a coded reason inside and neutral words outside. `other` needs `text`."""
    check_text(text=text)
    code = read_decline(reason, text)
    with scene_of(referral_id, by=by, at=at) as scene:
        changed = perform(
            scene,
            Act.DECLINE,
            Given(content=code.value),
            reason=code.value,
            reason_text=text,
            outside=outside_wording(code, Audience.SENDER_FULL),
        )
        return scene.done(changed=changed)


def reassign_referral(referral_id: UUID, *, by: Caller, at: datetime, assignee_id: UUID) -> Done:
    """A lead gives it to somebody else in the team."""
    with scene_of(referral_id, by=by, at=at) as scene:
        _check_member(scene, assignee_id)
        changed = perform(scene, Act.REASSIGN, Given(assignee_id=assignee_id, content=str(assignee_id)))
        return scene.done(changed=changed)


def release_referral(referral_id: UUID, *, by: Caller, at: datetime, reason: str) -> Done:
    """Back to the team's queue: absence, leaving, a full caseload. The person's wait goes on."""
    check_text(reason=reason)
    why = read_reason(Act.RELEASE, reason)
    with scene_of(referral_id, by=by, at=at) as scene:
        changed = perform(scene, Act.RELEASE, reason=why.code, reason_text=why.text or None)
        return scene.done(changed=changed)


def redirect_referral(
    referral_id: UUID,
    *,
    by: Caller,
    at: datetime,
    reason: str,
    team_id: UUID | None = None,
    service_id: UUID | None = None,
) -> Done:
    """Pass it on to another team, named itself or by a service it works for.

    Raises Invalid where there is no such team, Conflict where the person's agreement or the sharing
    agreement between the organisations does not cover it.
    """
    check_text(reason=reason)
    why = read_reason(Act.REDIRECT, reason)
    with scene_of(referral_id, by=by, at=at) as scene:
        team, service = team_and_service(scene, team_id, service_id)
        refuse_crossing(scene, team)
        changed = perform(
            scene,
            Act.REDIRECT,
            Given(team_id=team, content=str(team)),
            reason=why.code,
            reason_text=why.text or None,
        )
        if changed:
            put_target(scene, service)
        return scene.done(changed=changed)


def route_referral(
    referral_id: UUID,
    *,
    by: Caller,
    at: datetime,
    team_id: UUID | None = None,
    service_id: UUID | None = None,
) -> Done:
    """The duty desk chooses the team of a referral nobody has yet. Raises as `redirect_referral`."""
    with scene_of(referral_id, by=by, at=at) as scene:
        team, service = team_and_service(scene, team_id, service_id)
        refuse_crossing(scene, team)
        changed = perform(scene, Act.ROUTE, Given(team_id=team, content=str(team)))
        if changed:
            put_target(scene, service)
        return scene.done(changed=changed)
