"""The forms of the referral, one schema for each page; the order of fields is the order on the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.referrals.domain.identifiers import (
    read_birth_date,
    read_nhs_number,
    read_phone,
    read_postcode,
)
from services.referrals.domain.intake import Intake, Question, must_say_needs
from services.referrals.domain.life import RouteIn
from services.referrals.domain.safe_contact import Channel
from services.referrals.domain.speaker import Spoke
from services.referrals.web.words import HOW_ASKED, LAWFUL_BASIS, PRIORITY, ROUTE_IN_CHOICES, SAFEGUARDING
from shared.clock import now, uk_date
from shared.errors import Invalid
from shared.web.fields import DateParts, YesNoNotAsked

NAME = validate.Length(max=200)
LINE = validate.Length(max=500)
STORY = validate.Length(max=5000)
OLDEST = 130
NO_FIXED_ABODE = "no_fixed_abode"
NOT_REGISTERED = "none"


def today() -> date:
    """The UK's calendar day; forms are an edge."""
    return uk_date(now())


def checked(read: Any, *args: Any) -> None:
    """Run one of the domain's readers as a marshmallow validator."""
    try:
        read(*args)
    except Invalid as refused:
        raise ValidationError(refused.errors[0].detail) from None


def _birth_date(value: date) -> None:
    checked(read_birth_date, value, today())


class PostcodeField(fields.String):
    """A postcode, however it was typed, in its written form (`YO24 3BZ`)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        checked(read_postcode, text)
        return read_postcode(text).value


def postcode_field(label: str = "the postcode") -> PostcodeField:
    """A postcode that may be left out."""
    return PostcodeField(load_default=None, metadata={"label": label})


def _nhs_number(value: str) -> None:
    checked(read_nhs_number, value)


def _phone(value: str) -> None:
    checked(read_phone, value)


def birth_date_field(**words: Any) -> DateParts:
    """A date of birth, not in the future and not before 1900."""
    return DateParts(load_default=None, validate=_birth_date, metadata={"label": "date of birth", **words})


class StartForm(Schema):
    """Page 1: enough to say who can take this person. Nothing here is compulsory but one need, and that
    not where somebody is introduced."""

    date_of_birth = birth_date_field()
    age_estimate = fields.Integer(
        load_default=None, validate=validate.Range(0, OLDEST), metadata={"label": "the age in whole years"}
    )
    postcode = postcode_field()
    where = fields.String(load_default=None, metadata={"label": "where they live"})
    needs = fields.List(
        fields.String(validate=validate.Length(max=60)),
        load_default=list,
        metadata={"label": "at least one thing they would like help with"},
    )
    route_in = fields.String(
        load_default="professional",
        validate=validate.OneOf(list(ROUTE_IN_CHOICES)),
        metadata={"label": "how they come to you"},
    )
    wanted_from = DateParts(load_default=None, metadata={"label": "the day help is wanted from"})
    later_postcode = postcode_field("the later postcode")
    later_from = DateParts(load_default=None, metadata={"label": "the day they move"})

    @validates_schema(skip_on_field_errors=False)
    def _one_need(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("needs") and must_say_needs(data.get("route_in", "")):
            raise ValidationError("Choose at least one thing they would like help with", "needs")

    @validates_schema(skip_on_field_errors=False)
    def _one_of_each(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("date_of_birth") and data.get("age_estimate") is not None:
            raise ValidationError("Give the date of birth or an age, not both", "age_estimate")
        if data.get("postcode") and data.get("where"):
            raise ValidationError("Give a postcode, or choose from this list, not both", "where")
        if data.get("later_postcode") and not data.get("later_from"):
            raise ValidationError("Say from when they will live there", "later_from")
        if data.get("later_from") and not data.get("later_postcode"):
            raise ValidationError("Give the postcode they move to", "later_postcode")
        if data.get("later_from") and data["later_from"] <= today():
            raise ValidationError("The day they move must be after today", "later_from")


def start_form(route_in: str | None) -> StartForm:
    """Page 1 for this way in; an introduction asks where they live and nothing else."""
    return StartForm(only=_PLACE) if route_in == RouteIn.INTRODUCTION else StartForm()


class AboutForm(Schema):
    """Page 3: at most ten fields, what matters to the person first; `about_form` has those a route asks."""

    line_name = fields.String(load_default=None, validate=NAME)
    line_who = fields.String(
        load_default=None,
        validate=validate.OneOf([who.value for who in Spoke]),
        metadata={"label": "who is on the line"},
    )
    speaker_name = fields.String(load_default=None, validate=NAME)
    speaker_relation = fields.String(load_default=None, validate=NAME)
    line_role = fields.String(load_default=None, validate=NAME)
    line_email = fields.Email(load_default=None, metadata={"label": "the e-mail address"})
    what_matters = fields.String(
        load_default=None, validate=STORY, metadata={"label": "what matters to them"}
    )
    given_name = fields.String(load_default=None, validate=NAME, metadata={"label": "the given name"})
    family_name = fields.String(load_default=None, validate=NAME, metadata={"label": "the family name"})
    date_of_birth = birth_date_field()
    nhs_number = fields.String(load_default=None, validate=_nhs_number, metadata={"label": "the NHS number"})
    postcode = postcode_field()
    address = fields.String(load_default=None, validate=LINE, metadata={"label": "the address"})
    phone = fields.String(load_default=None, validate=_phone, metadata={"label": "the phone number"})
    gp_practice = fields.String(load_default=None, validate=validate.Length(max=20))
    priority = fields.String(load_default="routine", validate=validate.OneOf(list(PRIORITY)))
    priority_reason = fields.String(load_default=None, validate=LINE)
    safeguarding = fields.String(
        required=True,
        validate=validate.OneOf(list(SAFEGUARDING)),
        metadata={"label": "yes, no or not known for safeguarding"},
        error_messages={"required": "Choose yes, no or not known for safeguarding"},
    )

    @validates_schema(skip_on_field_errors=False)
    def _said_why(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("priority") == "sooner" and not data.get("priority_reason"):
            raise ValidationError("Say why they should be seen sooner", "priority_reason")
        if data.get("line_who") == "professional" and not data.get("line_name"):
            raise ValidationError("Enter the name of the professional on the line", "line_name")


def about_form(intake: Intake) -> AboutForm:
    """Page 3 with the questions of this form alone; what is not asked is not taken either."""
    return AboutForm(exclude=_not_asked(intake))


def contact_form(intake: Intake) -> ContactForm:
    """Page 4 with the ways, agreements and questions of this form alone."""
    return ContactForm(exclude=_not_asked_of_contact(intake))


def asked_only(content: Mapping[str, Any], intake: Intake) -> dict[str, Any]:
    """What a draft keeps after the way they come was changed: nothing that its form no longer shows."""
    kept = dict(content)
    left_out = _not_asked(intake)
    if kept.get("about"):
        kept["about"] = {name: value for name, value in kept["about"].items() if name not in left_out}
    if kept.get("contact"):
        kept["contact"] = _of_contact(kept["contact"], intake)
    if kept.get("answers") and not intake.asks(Question.AGE):
        kept["answers"] = {name: kept["answers"][name] for name in kept["answers"] if name in _PLACE}
    return kept


def _of_contact(contact: Mapping[str, Any], intake: Intake) -> dict[str, Any]:
    # The lawful basis is never left out: where it is not asked it is the usual one of the sender's sector.
    left_out = set(_not_asked_of_contact(intake)) - {"lawful_basis"}
    kept = {name: value for name, value in contact.items() if name not in left_out}
    kept["contacts"] = [way for way in contact.get("contacts") or () if way["channel"] in intake.channels]
    return kept


def _not_asked(intake: Intake) -> list[str]:
    left_out = (names for question, names in _ASKED_BY.items() if not intake.asks(question))
    return [name for names in left_out for name in names]


def _not_asked_of_contact(intake: Intake) -> list[str]:
    left_out = [purpose for purpose in AGREEMENTS if purpose not in intake.purposes]
    if not intake.asks(Question.ACCESS):
        left_out += ["access_needs", "access_other", "language"]
    # Who introduces somebody is asked by itself.
    return left_out if intake.asks(Question.BASIS) else [*left_out, "lawful_basis", "asked_by"]


_PLACE = ("postcode", "where", "route_in")
_ASKED_BY: dict[Question, tuple[str, ...]] = {
    Question.FAMILY_NAME: ("family_name",),
    Question.NHS_NUMBER: ("nhs_number",),
    Question.GP_PRACTICE: ("gp_practice",),
    Question.ADDRESS: ("address",),
    Question.WHAT_MATTERS: ("what_matters",),
    Question.AGE: ("date_of_birth", "postcode"),
    Question.PHONE: ("phone",),
    Question.PRIORITY: ("priority", "priority_reason"),
    Question.SAFEGUARDING: ("safeguarding",),
}


class ContactPointForm(Schema):
    """One way to reach the person, with the answers they gave about it."""

    channel = fields.String(required=True, validate=validate.OneOf([c.value for c in Channel]))
    value = fields.String(load_default=None, validate=LINE)
    safe = YesNoNotAsked()
    voicemail = YesNoNotAsked()
    caller_id = YesNoNotAsked()
    hours = fields.String(load_default=None, validate=LINE)
    code_word = fields.String(load_default=None, validate=NAME)

    @validates_schema(skip_on_field_errors=False)
    def _yes_to_what(self, data: dict[str, Any], **_: Any) -> None:
        value = data.get("value")
        if data.get("safe") and not value:
            raise ValidationError(WAY_MISSING.get(data.get("channel", ""), "Enter how"), "value")
        if value and data.get("channel") in ("phone", "text"):
            try:
                read_phone(value)
            except Invalid as refused:
                raise ValidationError(refused.errors[0].detail, "value") from None


WAY_MISSING = {
    "phone": "Enter the number that is safe to ring",
    "text": "Enter the number that is safe to text",
    "email": "Enter the e-mail address that is safe",
    "post": "Enter the address that is safe for letters",
    "visit": "Enter the address that is safe to visit",
    "via": "Enter the person or place they can be reached through",
}


class ContactForm(Schema):
    """Page 4: safe ways to reach them, what they need to take part, what they agreed to, and our basis."""

    contacts = fields.List(fields.Nested(ContactPointForm), load_default=list)
    access_needs = fields.List(fields.String(validate=NAME), load_default=list)
    access_other = fields.String(load_default=None, validate=LINE)
    language = fields.String(load_default=None, validate=validate.Length(max=35))
    share_referral = YesNoNotAsked()
    know_of_each_other = YesNoNotAsked()
    feedback_to_sender = YesNoNotAsked()
    feedback_to_gp = YesNoNotAsked()
    how = fields.String(
        load_default=None, validate=validate.OneOf(list(HOW_ASKED)), metadata={"label": "how they were asked"}
    )
    alone = YesNoNotAsked()
    asked_by = fields.String(load_default=None, validate=NAME)
    lawful_basis = fields.String(
        required=True, validate=validate.OneOf(list(LAWFUL_BASIS)), metadata={"label": "the lawful basis"}
    )
    competent = YesNoNotAsked()
    parental_responsibility = fields.String(load_default=None, validate=LINE)
    not_to_contact = fields.String(load_default=None, validate=LINE)
    restricted = fields.String(load_default=None)

    @validates_schema(skip_on_field_errors=False)
    def _how_asked(self, data: dict[str, Any], **_: Any) -> None:
        answers = [data.get(name) for name in AGREEMENTS]
        if any(answer is not None for answer in answers) and not data.get("how"):
            raise ValidationError("Say how they were asked", "how")
        if data.get("lawful_basis") == "explicit_consent" and data.get("share_referral") is not True:
            raise ValidationError(
                "Explicit consent is the basis only where they agreed that the team may see this referral",
                "lawful_basis",
            )


AGREEMENTS = ("share_referral", "know_of_each_other", "feedback_to_sender", "feedback_to_gp")


class ChooseForm(Schema):
    """Page 2: one service, or let Linkwork find the right one."""

    choice = fields.String(
        required=True,
        metadata={"label": "who should take this person"},
        error_messages={"required": "Choose who should take this person, or let Linkwork find the right one"},
    )


class SendForm(Schema):
    """Page 5: the once-key of the page, and why to send again where one is open already."""

    once = fields.String(required=True, validate=validate.Length(max=80))
    separate_reason = fields.String(load_default=None, validate=LINE)
