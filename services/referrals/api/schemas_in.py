"""What a referral looks like when it comes in (interfaces.md, "Referral in"). Unknown fields are refused."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load

from services.referrals.actions.check_request import LAWFUL_BASES, MOST_LISTED, PRIORITIES, SAFEGUARDING
from services.referrals.actions.new_referral import (
    NewAgreement,
    NewContact,
    NewPerson,
    NewReferral,
    Referrer,
    ResidenceThen,
)
from services.referrals.api.fields import (
    BoundedList,
    TextList,
    YesNoByCode,
    day,
    ident,
    moment,
    one_of,
    text,
    whole,
    yes_no,
)
from services.referrals.domain.life import RouteIn
from services.referrals.domain.safe_contact import Channel
from services.referrals.domain.sight_facts import Purpose
from services.referrals.domain.speaker import Speaker, Spoke
from services.referrals.domain.under_18 import Under18


class ContactSchema(Schema):
    """A way to reach the person. Without `safe: true` it is not used: not asked means no."""

    channel = one_of(
        "How; `via` is a place or a professional.", tuple(Channel), required=True, example="phone"
    )
    value = text("The number, address, place or professional.", required=True, example="01632 960001")
    safe = yes_no("The person said that this is safe.", example=True)
    voicemail = yes_no("They said that a message may be left.")
    caller_id = yes_no("They said that our number may be shown.")
    hours = text("When it is safe.", example="Wed 14:00-16:00")
    code_word = text("A word to say first.")
    asked_by = text("Who asked.")
    asked_at = moment("When they were asked.")

    @post_load
    def _made(self, given: dict[str, Any], **_: Any) -> NewContact:
        return NewContact(**given)


class ResidenceSchema(Schema):
    """Where they will be living, and from when."""

    postcode = text("A full postcode.", required=True, example="YO24 3BZ")
    starts_on = day("From this day.", required=True, data_key="from", example="2026-12-24")

    @post_load
    def _made(self, given: dict[str, Any], **_: Any) -> ResidenceThen:
        return ResidenceThen(**given)


class PersonSchema(Schema):
    """The person. Whatever is not known is left out; nothing is made up."""

    given_name = text("Given name, as they use it.", example="Edith")
    family_name = text("Family name.", example="Marlowe")
    date_of_birth = day("Date of birth.", example="1952-03-14")
    age_estimate = whole("Roughly how old, where the date of birth is not known.")
    nhs_number = text("Ten digits; checked by mod 11.", example="999 000 0018")
    postcode = text("Where they live now.", example="YO24 3BZ")
    no_fixed_abode = yes_no("They have no fixed abode.", load_default=False, allow_none=False)
    address_lines = TextList(MOST_LISTED, "The address above the postcode.")
    contacts = BoundedList(fields.Nested(ContactSchema), MOST_LISTED, "Ways to reach them.")
    language = text("Preferred language (BCP 47).", example="en")
    access_needs = TextList(MOST_LISTED, "What they need in order to be understood and to take part.")
    gp_practice_ods = text("Their GP practice's ODS code.", example="Z99001")
    registered = yes_no("False where they have no GP.")
    residence_on_date = fields.Nested(
        ResidenceSchema,
        load_default=None,
        allow_none=True,
        attribute="residence_then",
        metadata={"description": "Where they will be living when help is wanted."},
    )
    circumstances = YesNoByCode(
        MOST_LISTED,
        "What was asked about, by the codes of `GET /meta/circumstances`.",
        example={"carer": True},
    )
    present_in = text("GSS code of the council area they can be met in now.")

    @post_load
    def _made(self, given: dict[str, Any], **_: Any) -> NewPerson:
        return NewPerson(**given)


class AgreementSchema(Schema):
    """What the person said about one recipient and purpose; never ticked beforehand."""

    recipient = text("An organisation's id, or `helpers`.", required=True, example="helpers")
    purpose = one_of("What for.", tuple(Purpose), required=True, example="share_referral")
    agreed = yes_no("Their answer.", required=True, example=True)
    how = text("How they were asked.", example="in person")
    alone = yes_no("Whether they were alone when asked.")
    asked_by = text("Who asked.")
    at = moment("When.")

    @post_load
    def _made(self, given: dict[str, Any], **_: Any) -> NewAgreement:
        return NewAgreement(**given)


class ExternalSchema(Schema):
    """The sender's own id; the same one is refused a second time."""

    source_system = text("The system.", required=True, example="practice-records")
    id = text("Its id.", required=True, example="7431")


class ReferrerSchema(Schema):
    """Who in the organisation asks, where that is not the caller."""

    name = text("Their name.", required=True, example="Dr Jo Example")
    role = text("Their role.", example="GP")
    email = text("An address of a member, or in the organisation's own domain.")

    @post_load
    def _made(self, given: dict[str, Any], **_: Any) -> Referrer:
        return Referrer(**given)


class Under18Schema(Schema):
    """What is asked about somebody under 18, or of unknown age. Left out or null: not asked."""

    competent = yes_no("They understand enough to decide for themself.", example=True)
    parental_responsibility = text("Who has parental responsibility.", example="Her aunt, Bea Example")
    not_to_contact = text("Whom nobody may contact or tell.", example="Her parents")

    @post_load
    def _made(self, given: dict[str, Any], **_: Any) -> Under18:
        return Under18(**given)


class SpeakerSchema(Schema):
    """Who spoke, where it was not the person who was met."""

    who = one_of("Who was on the line.", tuple(Spoke), required=True, example="someone_for_them")
    name = text("Their name.", example="Bea Example")
    relation = text("How they know the person.", example="Her aunt")

    @post_load
    def _made(self, given: dict[str, Any], **_: Any) -> Speaker:
        return Speaker(**given)


class RequestSchema(Schema):
    """What a question about routes and a referral have in common; for a question nothing is compulsory."""

    person = fields.Nested(PersonSchema, load_default=NewPerson, metadata={"description": "The person."})
    needs = TextList(MOST_LISTED, "Codes of `GET /meta/needs`.", example=["loneliness"])
    what_matters = text("What matters to the person, in their own words.")
    priority = one_of("Sooner, because …", PRIORITIES, load_default="routine", allow_none=False)
    priority_reason = text("Why sooner.")
    wanted_from = day("From when help is wanted; age is worked out on that day.")
    route_in = one_of("How it comes.", tuple(RouteIn), load_default="professional", allow_none=False)
    target_service_id = ident("A service; left out for “find the right one”.")
    lawful_basis = one_of("On what basis it is sent.", LAWFUL_BASES, example="public_task")
    agreement = BoundedList(fields.Nested(AgreementSchema), MOST_LISTED, "The person's answers.")
    safeguarding = one_of(
        "Is there a safeguarding concern?", SAFEGUARDING, load_default="not_known", allow_none=False
    )
    restricted = yes_no("Only the author and named staff may see it.", load_default=False, allow_none=False)
    restricted_to = BoundedList(fields.UUID(), MOST_LISTED, "Accounts that may see it.")
    external = fields.Nested(
        ExternalSchema, load_default=None, allow_none=True, metadata={"description": "The sender's own id."}
    )
    referrer = fields.Nested(
        ReferrerSchema, load_default=None, allow_none=True, metadata={"description": "Who asks."}
    )
    under_18 = fields.Nested(
        Under18Schema,
        load_default=None,
        allow_none=True,
        metadata={"description": "Asked of those under 18 on the day help is wanted, or of unknown age."},
    )
    speaker = fields.Nested(
        SpeakerSchema,
        load_default=None,
        allow_none=True,
        metadata={"description": "Who spoke on the telephone."},
    )
    separate_reason = text("Why this is sent although the same request is open; links the two.")

    @post_load
    def _made(self, given: dict[str, Any], **_: Any) -> NewReferral:
        outside = given.pop("external")
        given["external"] = (outside["source_system"], outside["id"]) if outside else None
        return NewReferral(**given)


class ReferralInSchema(RequestSchema):
    """A referral (interfaces.md, "Referral in")."""

    person = fields.Nested(PersonSchema, required=True, metadata={"description": "The person."})
    lawful_basis = one_of("On what basis it is sent.", LAWFUL_BASES, required=True, example="public_task")
