"""The forms of the acts: what each asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.referrals.actions import helping
from services.referrals.domain.reasons import REASONS, DeclineReason
from services.referrals.domain.states import Act
from services.referrals.web.words import HOW_ASKED
from shared.clock import now, uk_date
from shared.web.fields import DateParts, YesNoNotAsked

LINE = validate.Length(max=500)
NOTE = validate.Length(max=5000)
OTHER = "other"


class NothingForm(Schema):
    """An act with nothing to fill in."""


class AcceptForm(Schema):
    """Who takes it on; the caller where nobody is named."""

    assignee_id = fields.UUID(load_default=None, metadata={"label": "who takes it on"})


class DeclineForm(Schema):
    """Why it is passed back: a code inside, words only for the team."""

    reason = fields.String(
        required=True,
        validate=validate.OneOf([reason.value for reason in DeclineReason]),
        metadata={"label": "why it is passed back"},
    )
    text = fields.String(load_default=None, validate=NOTE)


class AskForm(Schema):
    """A question to the sender."""

    question = fields.String(required=True, validate=NOTE, metadata={"label": "the question"})


class AnswerForm(Schema):
    """The answer to what is open."""

    answer = fields.String(required=True, validate=NOTE, metadata={"label": "the answer"})


class ReassignForm(Schema):
    """Who has it from now on."""

    assignee_id = fields.UUID(required=True, metadata={"label": "who takes it on"})


class TeamForm(Schema):
    """A team, by itself or by a service it works for: `team` or `team:service`."""

    team = fields.String(required=True, validate=validate.Length(max=80), metadata={"label": "a team"})

    @validates_schema(skip_on_field_errors=False)
    def _is_choice(self, data: dict[str, Any], **_: Any) -> None:
        try:
            team_choice(data.get("team", ""))
        except ValueError:
            raise ValidationError("Choose a team from the list", "team") from None


def team_choice(text: str) -> dict[str, UUID | None]:
    """The team and service of one choice. Raises ValueError."""
    team, _, service = text.partition(":")
    return {"team_id": UUID(team), "service_id": UUID(service) if service else None}


def reason_form(act: Act) -> type[Schema]:
    """A coded reason with words for `other`."""

    class ReasonForm(Schema):
        reason = fields.String(
            required=True, validate=validate.OneOf(list(REASONS[act])), metadata={"label": "why"}
        )
        reason_text = fields.String(load_default=None, validate=LINE)

        @validates_schema(skip_on_field_errors=False)
        def _words(self, data: dict[str, Any], **_: Any) -> None:
            if data.get("reason") == OTHER and not data.get("reason_text"):
                raise ValidationError("Say in a few words why", "reason_text")

    return ReasonForm


_Reason = {act: reason_form(act) for act in REASONS}


class RedirectForm(TeamForm, _Reason[Act.REDIRECT]):  # type: ignore[misc,valid-type]
    """Another team, and why."""


class HoldForm(_Reason[Act.HOLD]):  # type: ignore[misc,valid-type]
    """Why it waits, and when somebody looks again."""

    review_on = DateParts(required=True, metadata={"label": "the day to look at this again"})


class ContactForm(Schema):
    """A conversation, or an attempt at one."""

    mode = fields.String(
        required=True, validate=validate.OneOf(helping.MODES), metadata={"label": "how you were in touch"}
    )
    attended = YesNoNotAsked(
        required=True,
        metadata={"label": "yes or no"},
        error_messages={"required": "Choose whether you reached them"},
    )
    on = DateParts(load_default=None, latest=lambda: uk_date(now()), metadata={"label": "the day"})
    length = fields.Integer(
        load_default=None, validate=validate.Range(0, 1440), metadata={"label": "the minutes"}
    )
    note = fields.String(load_default=None, validate=NOTE)


class StartForm(ContactForm):
    """First contact: they were reached, so nobody is asked whether."""

    attended = YesNoNotAsked(load_default=True)


class AgreementForm(Schema):
    """One answer the person gave: about whom and what for, yes or no, and how they were asked."""

    about = fields.String(
        required=True,
        validate=validate.Length(max=80),
        metadata={"label": "what they were asked about"},
        error_messages={"required": "Choose what they were asked about"},
    )
    agreed = YesNoNotAsked(
        required=True,
        metadata={"label": "yes or no"},
        error_messages={"required": "Choose what they said"},
    )
    how = fields.String(
        required=True,
        validate=validate.OneOf(list(HOW_ASKED)),
        metadata={"label": "how they were asked"},
        error_messages={"required": "Choose how they were asked"},
    )
    alone = YesNoNotAsked()
    asked_by = fields.String(load_default=None, validate=LINE)
    on = DateParts(load_default=None, latest=lambda: uk_date(now()), metadata={"label": "the day"})


class FailForm(Schema):
    """How often somebody tried, besides what is recorded."""

    made = fields.Integer(
        required=True, validate=validate.Range(0, 100), metadata={"label": "how many more attempts were made"}
    )


class OutcomeForm(Schema):
    """What became of one need."""

    need = fields.String(required=True)
    outcome = fields.String(load_default=None)
    text = fields.String(load_default=None, validate=LINE)

    @validates_schema(skip_on_field_errors=False)
    def _said(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("outcome"):
            raise ValidationError("Choose what became of this need", "outcome")


class CompleteForm(Schema):
    """An outcome for each need, and who ended it."""

    outcomes = fields.List(fields.Nested(OutcomeForm), load_default=list)
    ended_by = fields.String(
        required=True, metadata={"label": "who ended it"}, error_messages={"required": "Choose who ended it"}
    )


SCHEMAS: Mapping[str, type[Schema]] = {
    "accept": AcceptForm,
    "decline": DeclineForm,
    "ask": AskForm,
    "answer": AnswerForm,
    "route": TeamForm,
    "reassign": ReassignForm,
    "redirect": RedirectForm,
    "release": _Reason[Act.RELEASE],
    "start": StartForm,
    "contact": ContactForm,
    "agreement": AgreementForm,
    "hold": HoldForm,
    "resume": NothingForm,
    "complete": CompleteForm,
    "fail": FailForm,
    "withdraw": _Reason[Act.WITHDRAW],
    "void": _Reason[Act.VOID],
    "reopen": _Reason[Act.REOPEN],
    "forget": NothingForm,
}
