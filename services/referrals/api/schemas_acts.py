"""The bodies of acts (interfaces.md, "Acts")."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load

from services.referrals.actions.check_request import MOST_LISTED
from services.referrals.actions.helping import MODES, MOST_ATTEMPTS, NewContactMade, NewOutcome
from services.referrals.api.fields import (
    Attempts,
    BoundedList,
    day,
    ident,
    moment,
    one_of,
    text,
    whole,
    yes_no,
)
from services.referrals.api.schemas_in import AgreementSchema
from services.referrals.domain.life import EndedBy, Outcome
from services.referrals.domain.reasons import DeclineReason


class EmptyActSchema(Schema):
    """Nothing is needed."""


class AcceptActSchema(Schema):
    """Who takes it on; the caller, where nobody is named."""

    assignee_id = ident("A member of the team. A system names one; a person takes it themself.")


class AgreementsSchema(Schema):
    """Answers of the person, given after the referral was sent; `how` is needed."""

    agreement = BoundedList(
        fields.Nested(AgreementSchema), MOST_LISTED, "The person's answers.", required=True
    )


class DeclineActSchema(Schema):
    """Why it is passed back."""

    reason = one_of("A code of `GET /meta/decline-reasons`.", tuple(DeclineReason), required=True)
    text = text("Words for the team; needed for `other`.")


class QuestionActSchema(Schema):
    """What is asked."""

    question = text("The question to the sender.", required=True)


class AnswerActSchema(Schema):
    """What is answered."""

    answer = text("The answer to what is open.", required=True)


class ReasonActSchema(Schema):
    """Why; a code of `GET /meta/reasons`, or free words."""

    reason = text("Why.", required=True)


class TeamActSchema(Schema):
    """To which team: itself, or a service it works for."""

    team_id = ident("A team.")
    service_id = ident("A service that has a team.")


class RedirectActSchema(TeamActSchema):
    """To which team, and why."""

    reason = text("A code of `GET /meta/reasons`, or free words.", required=True)


class ReassignActSchema(Schema):
    """To whom."""

    assignee_id = ident("A member of the team.", required=True)


class ContactMadeSchema(Schema):
    """A conversation, or an attempt."""

    mode = one_of("How.", MODES, required=True, example="phone")
    attended = yes_no("Whether you spoke with them.", load_default=True, allow_none=False)
    length = whole("Minutes.", example=20)
    note = text("For the team.")
    at = moment("When; now, where it is not said.")
    next_action_on = day("The day of the next step.")

    @post_load
    def _made(self, given: dict[str, Any], **_: Any) -> NewContactMade:
        return NewContactMade(**given)


class StartActSchema(Schema):
    """First contact."""

    contact = fields.Nested(ContactMadeSchema, required=True, metadata={"description": "The first contact."})


class HoldActSchema(Schema):
    """Why, and until when."""

    reason = text("A code of `GET /meta/reasons`, or free words.", required=True)
    review_on = day("The day on which to look again.", required=True)


class OutcomeSchema(Schema):
    """What became of one need."""

    need = text("A need of this referral.", required=True)
    outcome = one_of("What became of it.", tuple(Outcome), required=True)
    text = text("Words for the team.")

    @post_load
    def _made(self, given: dict[str, Any], **_: Any) -> NewOutcome:
        return NewOutcome(**given)


class CompleteActSchema(Schema):
    """An outcome for each need, and who ended it."""

    outcomes = BoundedList(fields.Nested(OutcomeSchema), MOST_LISTED, "One for each need.", required=True)
    ended_by = one_of("Who ended it.", tuple(EndedBy), required=True)


class FailActSchema(Schema):
    """The attempts made."""

    attempts = Attempts(
        fields.Nested(ContactMadeSchema),
        MOST_ATTEMPTS,
        required=True,
        metadata={
            "description": "How many more attempts were made, or each by itself.",
            "oneOf": [
                {"type": "integer", "minimum": 0, "maximum": MOST_ATTEMPTS},
                {"type": "array", "items": {"type": "object"}, "maxItems": MOST_ATTEMPTS},
            ],
        },
    )
