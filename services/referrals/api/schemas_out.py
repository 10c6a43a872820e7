"""What a referral looks like when it goes out (interfaces.md, "Referral out")."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.referrals.api.fields import AsRouted


class AssigneeSchema(Schema):
    """The member of the team who has taken it on."""

    id = fields.UUID()
    name = fields.String()


class OwnerSchema(Schema):
    """Who has it: always a team."""

    team_id = fields.UUID(
        allow_none=True,
        metadata={"description": "Null where you are not told which team it was passed on to."},
    )
    team_name = fields.String()
    assignee = fields.Nested(AssigneeSchema, allow_none=True)


class ActionSchema(Schema):
    """One thing the caller may do now."""

    act = fields.String()
    label = fields.String()
    needs = fields.List(fields.String())


class ChosenSchema(Schema):
    """A service."""

    service_id = fields.UUID()
    name = fields.String()


class ReasonSchema(Schema):
    """A code and a sentence."""

    code = fields.String()
    text = fields.String()


class WaitSchema(Schema):
    """Days to wait, and what that rests on: `measured`, `declared` or `unknown`."""

    days = fields.Integer(allow_none=True)
    basis = fields.String()


class AskSchema(Schema):
    """What would settle it."""

    field = fields.String()
    question = fields.String()


class InvitationSchema(Schema):
    """Words a sender may pass on."""

    kind = fields.String()
    text = fields.String()


class EligibleSchema(Schema):
    """A service that can take the person, and why."""

    service_id = fields.String()
    name = fields.String()
    organization_name = fields.String()
    team_id = fields.String(allow_none=True)
    score = fields.Integer()
    wait = fields.Nested(WaitSchema)
    reasons = fields.List(fields.Nested(ReasonSchema))
    discreet = fields.Boolean()


class NotEligibleSchema(Schema):
    """A service that cannot, and why not."""

    service_id = fields.String()
    name = fields.String()
    reasons = fields.List(fields.Nested(ReasonSchema))
    invitation = fields.Nested(InvitationSchema)


class UnknownSchema(Schema):
    """A service of which it depends on something nobody has said yet."""

    service_id = fields.String()
    name = fields.String()
    team_id = fields.String(allow_none=True)
    reasons = fields.List(fields.Nested(ReasonSchema))
    asks = fields.List(fields.Nested(AskSchema))


class RoutesSchema(Schema):
    """Who can take this person, who cannot, and what is not known."""

    eligible = AsRouted(fields.Nested(EligibleSchema))
    not_eligible = AsRouted(fields.Nested(NotEligibleSchema))
    # Not called `unknown` here: that is a setting of every schema.
    not_known = AsRouted(fields.Nested(UnknownSchema), data_key="unknown", attribute="unknown")


class RoutingSchema(RoutesSchema):
    """How the team was found."""

    state = fields.String(metadata={"enum": ["routed", "chosen", "unrouted"]})
    chosen = fields.Nested(ChosenSchema, allow_none=True)


class WaySchema(Schema):
    """A way to reach the person, and whether it may be used now."""

    channel = fields.String(attribute="contact.channel.value")
    value = fields.String(attribute="contact.value")
    safe = fields.Boolean(attribute="contact.safe", allow_none=True)
    now = fields.String(attribute="now.value")
    words = fields.String()
    voicemail = fields.Boolean()
    show_number = fields.Boolean()
    hours = fields.String(attribute="contact.hours", allow_none=True)
    code_word = fields.String(allow_none=True)


class PersonOutSchema(Schema):
    """The person, for the team that helps and for the organisation that wrote it."""

    given_name = fields.String(allow_none=True)
    family_name = fields.String(allow_none=True)
    date_of_birth = fields.Date(allow_none=True)
    age = fields.Integer(allow_none=True)
    nhs_number = fields.String(allow_none=True)
    postcode = fields.String(allow_none=True)
    no_fixed_abode = fields.Boolean()
    address_lines = fields.List(fields.String())
    residence_postcode = fields.String(allow_none=True)
    residence_from = fields.Date(allow_none=True)
    gp_practice_ods = fields.String(allow_none=True)
    language = fields.String(allow_none=True)
    access_needs = fields.List(fields.String())


class NeedOutSchema(Schema):
    """A need."""

    code = fields.String()
    label = fields.String()


class Under18OutSchema(Schema):
    """What was asked about somebody under 18; null where it was not."""

    competent = fields.Boolean(allow_none=True)
    parental_responsibility = fields.String(allow_none=True)
    not_to_contact = fields.String(allow_none=True)


class SpeakerOutSchema(Schema):
    """Who spoke: `person`, `someone_for_them` or `professional`."""

    who = fields.String()
    name = fields.String(allow_none=True)
    relation = fields.String(allow_none=True)


class SentSchema(Schema):
    """What the sender wrote."""

    person = fields.Nested(PersonOutSchema)
    contacts = fields.List(fields.Nested(WaySchema))
    needs = fields.List(fields.Nested(NeedOutSchema))
    what_matters = fields.String(allow_none=True)
    priority = fields.String()
    priority_reason = fields.String(allow_none=True)
    wanted_from = fields.Date(allow_none=True)
    route_in = fields.String()
    lawful_basis = fields.String()
    safeguarding = fields.String()
    restricted = fields.Boolean()
    referrer_name = fields.String(allow_none=True)
    under_18 = fields.Nested(Under18OutSchema, allow_none=True)
    speaker = fields.Nested(SpeakerOutSchema, allow_none=True)
    asks = fields.List(
        fields.Nested(AskSchema),
        metadata={"description": "Of somebody under 18 or of unknown age: what has not been asked yet."},
    )
    external_source = fields.String(allow_none=True)
    external_id = fields.String(allow_none=True)


class QuestionSchema(Schema):
    """A question to the sender."""

    question = fields.String()
    asked_by = fields.String(allow_none=True)
    asked_at = fields.AwareDateTime()
    answer = fields.String(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)


class OutcomeOutSchema(Schema):
    """What became of one need."""

    need = fields.String()
    outcome = fields.String()
    text = fields.String(allow_none=True)


class ReferralSchema(Schema):
    """A referral, cut to what the caller may see of it."""

    id = fields.UUID()
    reference = fields.String(metadata={"example": "LW-7K2F-9D4"})
    status = fields.String(
        metadata={"description": "FHIR R4 Task.status; `received` or `closed` in a coarse view."}
    )
    owner = fields.Nested(OwnerSchema, allow_none=True)
    next_action_at = fields.AwareDateTime(allow_none=True)
    next_action_by = fields.String(allow_none=True)
    available_actions = fields.List(fields.Nested(ActionSchema))
    routing = fields.Nested(RoutingSchema, allow_none=True)
    view = fields.String(metadata={"enum": ["full", "coarse"]})
    submitted_at = fields.AwareDateTime()
    wait_days = fields.Integer(metadata={"description": "Days since the first day; it never pauses."})
    outside = fields.String(allow_none=True, metadata={"description": "The newest words that left the team."})
    undo_until = fields.AwareDateTime(allow_none=True)
    alert = fields.Boolean()
    sent = fields.Nested(SentSchema, allow_none=True)
    questions = fields.List(fields.Nested(QuestionSchema))
    outcomes = fields.List(fields.Nested(OutcomeOutSchema))


class NumberToRingSchema(Schema):
    """Who to ring now."""

    name = fields.String()
    number = fields.String()
    when = fields.String()
    what = fields.String()


class ReferralSentSchema(ReferralSchema):
    """A referral as it is after it was sent or acted on, with who to ring where it cannot wait."""

    emergency = fields.List(
        fields.Nested(NumberToRingSchema),
        metadata={
            "description": "The place's numbers for danger now; after an act, where a text spoke of danger."
        },
    )
