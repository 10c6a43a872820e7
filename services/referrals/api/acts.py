"""`/api/v1/referrals/{id}/<act>`: what is done to a referral. Each answers the referral as it is then.

The same act by the same caller twice changes nothing; done by another it is 409 with what can be done.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.referrals.actions import ending, helping, questions, take_up
from services.referrals.actions.forget_introduction import forget_introduction
from services.referrals.actions.helping import NewContactMade
from services.referrals.actions.record_agreement import record_agreement
from services.referrals.actions.submit_referral import SENDING_ROLES
from services.referrals.actions.views import ReferralView
from services.referrals.api import schemas_acts as schemas
from services.referrals.api.schemas_out import ReferralSentSchema
from shared.auth import Role, current_caller, needs
from shared.clock import now
from shared.smorest import Blueprint

blp = Blueprint("acts", __name__, url_prefix="/api/v1/referrals", description="What is done to a referral")
TEAM = (Role.WORKER, Role.LEAD, Role.DUTY_DESK)


@blp.post("/<uuid:referral_id>/accept")
@needs(*TEAM)
@blp.arguments(schemas.AcceptActSchema)
@blp.response(200, ReferralSentSchema)
def accept(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Take a referral on; the person becomes part of the assignee's caseload."""
    return take_up.accept_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/decline")
@needs(*TEAM)
@blp.arguments(schemas.DeclineActSchema)
@blp.response(200, ReferralSentSchema)
def decline(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Pass it back with a coded reason inside; the sender reads neutral words."""
    return take_up.decline_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/ask")
@needs(*TEAM)
@blp.arguments(schemas.QuestionActSchema)
@blp.response(200, ReferralSentSchema)
def ask(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Ask the sender; the next action is theirs, the owner stays and the person's wait goes on."""
    return questions.ask_question(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/answer")
@needs(*SENDING_ROLES)
@blp.arguments(schemas.AnswerActSchema)
@blp.response(200, ReferralSentSchema)
def answer(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Answer the question that is open."""
    return questions.answer_question(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/route")
@needs(*TEAM)
@blp.arguments(schemas.TeamActSchema)
@blp.response(200, ReferralSentSchema)
def route(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Choose the team of a referral nobody has yet (duty desk)."""
    return take_up.route_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/redirect")
@needs(*TEAM)
@blp.arguments(schemas.RedirectActSchema)
@blp.response(200, ReferralSentSchema)
def redirect(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Pass it on to another team, where agreement and sharing agreement cover it."""
    return take_up.redirect_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/release")
@needs(*TEAM)
@blp.arguments(schemas.ReasonActSchema)
@blp.response(200, ReferralSentSchema)
def release(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Give it back to the team."""
    return take_up.release_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/reassign")
@needs(Role.LEAD)
@blp.arguments(schemas.ReassignActSchema)
@blp.response(200, ReferralSentSchema)
def reassign(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Give it to somebody else in the team (lead)."""
    return take_up.reassign_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/start")
@needs(*TEAM)
@blp.arguments(schemas.StartActSchema)
@blp.response(200, ReferralSentSchema)
def start(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """First contact was made."""
    return helping.start_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/contact")
@needs(*TEAM)
@blp.arguments(schemas.ContactMadeSchema)
@blp.response(200, ReferralSentSchema)
def contact(body: NewContactMade, referral_id: UUID) -> ReferralView:
    """Record a conversation or an attempt; the state stays."""
    return helping.record_contact(referral_id, by=current_caller(), at=now(), contact=body).referral


@blp.post("/<uuid:referral_id>/agreements")
@needs(*SENDING_ROLES)
@blp.arguments(schemas.AgreementsSchema)
@blp.response(200, ReferralSentSchema)
def agreements(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Write down what the person agreed to, or took back, after it was sent."""
    return record_agreement(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/hold")
@needs(*TEAM)
@blp.arguments(schemas.HoldActSchema)
@blp.response(200, ReferralSentSchema)
def hold(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Wait, for a reason, until a day on which to look again."""
    return helping.hold_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/resume")
@needs(*TEAM)
@blp.arguments(schemas.EmptyActSchema)
@blp.response(200, ReferralSentSchema)
def resume(_body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Carry on from where it was held."""
    return helping.resume_referral(referral_id, by=current_caller(), at=now()).referral


@blp.post("/<uuid:referral_id>/complete")
@needs(*TEAM)
@blp.arguments(schemas.CompleteActSchema)
@blp.response(200, ReferralSentSchema)
def complete(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """The help has ended, with an outcome for each need."""
    return helping.complete_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/fail")
@needs(*TEAM)
@blp.arguments(schemas.FailActSchema)
@blp.response(200, ReferralSentSchema)
def fail(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """They could not be reached, after the attempts this service makes."""
    told = body["attempts"]
    counted = {"made": told} if isinstance(told, int) else {"attempts": told}
    return helping.fail_referral(referral_id, by=current_caller(), at=now(), **counted).referral


@blp.post("/<uuid:referral_id>/withdraw")
@needs(*SENDING_ROLES)
@blp.arguments(schemas.ReasonActSchema)
@blp.response(200, ReferralSentSchema)
def withdraw(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Take it back (sender)."""
    return ending.withdraw_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/void")
@needs(*SENDING_ROLES)
@blp.arguments(schemas.ReasonActSchema)
@blp.response(200, ReferralSentSchema)
def void(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """It was entered in error: hidden, never deleted."""
    return ending.void_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/forget")
@needs(*SENDING_ROLES)
@blp.arguments(schemas.EmptyActSchema)
@blp.response(200, ReferralSentSchema)
def forget(_body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """The person said no to an introduction: what was written about them is deleted for good."""
    return forget_introduction(referral_id, by=current_caller(), at=now()).referral


@blp.post("/<uuid:referral_id>/reopen")
@needs(*TEAM)
@blp.arguments(schemas.ReasonActSchema)
@blp.response(200, ReferralSentSchema)
def reopen(body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Open it again, within 28 days."""
    return ending.reopen_referral(referral_id, by=current_caller(), at=now(), **body).referral


@blp.post("/<uuid:referral_id>/undo")
@needs(*TEAM)
@blp.arguments(schemas.EmptyActSchema)
@blp.response(200, ReferralSentSchema)
def undo(_body: dict[str, Any], referral_id: UUID) -> ReferralView:
    """Undo your own accept, pass back or complete within 60 seconds."""
    return ending.undo_last(referral_id, by=current_caller(), at=now()).referral
