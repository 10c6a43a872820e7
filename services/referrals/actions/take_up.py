"""Taking a referral on, passing it back, and moving it between people and teams."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.referrals import config
from services.referrals.actions.acting import Scene, perform, scene_of
from services.referrals.actions.free_text import check_text
from services.referrals.actions.passing_on import destination, put_destination
from services.referrals.actions.views import Done
from services.referrals.domain.life import Given
from services.referrals.domain.reasons import Audience, Reason, outside_wording, read_decline, read_reason
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
        content = str(wanted or scene.standing.account_id)
        changed = perform(scene, Act.ACCEPT, Given(assignee_id=wanted, content=content))
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
        changed = _move_to(scene, Act.REDIRECT, team_id, service_id, why)
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
        changed = _move_to(scene, Act.ROUTE, team_id, service_id)
        return scene.done(changed=changed)


def _move_to(
    scene: Scene, act: Act, team_id: UUID | None, service_id: UUID | None, why: Reason | None = None
) -> bool:
    to = destination(scene, team_id, service_id)
    if act is Act.ROUTE and to.to_desk and to.team_id == scene.row.owner_team_id:
        raise Invalid.field("/team_id", "The desk has it already: choose a team.")
    owner = scene.row.owner_org_id
    code, words = (why.code, why.text or None) if why is not None else (None, None)
    changed = perform(scene, act, to.given, reason=code, reason_text=words)
    if changed:
        put_destination(scene, to, owner)
    return changed
