"""The forms of the public pages, one for each page. Only what is needed to reach somebody is compulsory."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.referrals.domain.identifiers import read_phone
from services.referrals.web.refer.forms import birth_date_field, postcode_field
from shared.errors import Invalid

NAME = validate.Length(max=200)
LINE = validate.Length(max=500)
STORY = validate.Length(max=5000)
ME, OTHER = "me", "other"
KNOWS, NOT_YET, CHILD = "yes", "not_yet", "child"
HERE, NO_ADDRESS = "here", "no_fixed_abode"
UNSURE = "other"
"""The need of whoever does not know yet."""
CHANNELS = ("phone", "text", "email", "post", "visit", "via")
OLDEST = 130
OLD_ENOUGH = 16
"""From this age on nobody asks behind somebody's back, whoever looks after them."""


class WhoForm(Schema):
    """For whom it is."""

    who = fields.String(
        required=True,
        validate=validate.OneOf([ME, OTHER]),
        error_messages={"required": "Choose who this is for"},
        metadata={"label": "who this is for"},
    )


class ThemForm(Schema):
    """Who asks for somebody else, and whether that person knows."""

    knows = fields.String(
        required=True,
        validate=validate.OneOf([KNOWS, NOT_YET, CHILD]),
        error_messages={"required": "Choose whether they know and want this"},
        metadata={"label": "whether they know and want this"},
    )
    name = fields.String(load_default=None, validate=NAME, metadata={"label": "your name"})
    relation = fields.String(load_default=None, validate=NAME, metadata={"label": "how you know them"})


class WhatForm(Schema):
    """What matters, in their own words; and what would help."""

    what_matters = fields.String(load_default=None, validate=STORY, metadata={"label": "what you write"})
    needs = fields.List(
        fields.String(validate=validate.Length(max=60)), load_default=list, metadata={"label": "what helps"}
    )

    @validates_schema(skip_on_field_errors=False)
    def _something(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("what_matters") and not data.get("needs"):
            raise ValidationError("Write a few words, or tick something below", "what_matters")


class AboutForm(Schema):
    """What it takes to find the right team. All of it may be left out."""

    name = fields.String(load_default=None, validate=NAME, metadata={"label": "the name"})
    date_of_birth = birth_date_field()
    age = fields.Integer(
        load_default=None, validate=validate.Range(0, OLDEST), metadata={"label": "the age in whole years"}
    )
    postcode = postcode_field()
    where = fields.String(
        load_default=None, validate=validate.OneOf([HERE, NO_ADDRESS]), metadata={"label": "where"}
    )
    gp_practice = fields.String(load_default=None, validate=validate.Length(max=20))
    language = fields.String(load_default=None, validate=validate.Length(max=35))
    access_needs = fields.List(fields.String(validate=NAME), load_default=list)
    access_other = fields.String(load_default=None, validate=LINE, metadata={"label": "what else helps"})

    @validates_schema(skip_on_field_errors=False)
    def _one_of_each(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("date_of_birth") and data.get("age") is not None:
            raise ValidationError("Give the date of birth or the age, not both", "age")
        if data.get("postcode") and data.get("where"):
            raise ValidationError("Give a postcode, or choose here, not both", "where")


def _way(channel: str) -> dict[str, Any]:
    label = VALUE_LABELS[channel]
    return {
        f"{channel}_value": fields.String(load_default=None, validate=LINE, metadata={"label": label}),
        f"{channel}_hours": fields.String(load_default=None, validate=LINE, metadata={"label": "the times"}),
        f"{channel}_code_word": fields.String(
            load_default=None, validate=NAME, metadata={"label": "the code word"}
        ),
    }


VALUE_LABELS = {
    "phone": "the number to ring",
    "text": "the number to text",
    "email": "the e-mail address",
    "post": "the address for letters",
    "visit": "the address or place to visit",
    "via": "the person or place",
}


class _Ways(Schema):
    """A tick says that a way is safe; without one nobody uses it."""

    ways = fields.List(fields.String(validate=validate.OneOf(CHANNELS)), load_default=list)
    voicemail = fields.String(load_default=None)
    caller_id = fields.String(load_default=None)

    @validates_schema(skip_on_field_errors=False)
    def _each_has_its_value(self, data: dict[str, Any], **_: Any) -> None:
        wrong: dict[str, list[str]] = {}
        for channel in data.get("ways") or ():
            value = data.get(f"{channel}_value")
            if not value:
                wrong[f"{channel}_value"] = [f"Enter {VALUE_LABELS[channel]}"]
            elif channel in ("phone", "text"):
                try:
                    read_phone(value)
                except Invalid as refused:
                    wrong[f"{channel}_value"] = [refused.errors[0].detail]
        if wrong:
            raise ValidationError(wrong)


ReachForm: type[Schema] = _Ways.from_dict(
    {key: field for channel in CHANNELS for key, field in _way(channel).items()}, name="ReachForm"
)
"""How and when it is safe to reach them: for each channel the value, the times and a code word."""


class LastForm(Schema):
    """What they agree to, box by box; and of somebody under 18 whom not to tell."""

    know_of_each_other = fields.String(load_default=None)
    feedback_to_gp = fields.String(load_default=None)
    not_to_contact = fields.String(load_default=None, validate=LINE, metadata={"label": "whom not to tell"})
    parental_responsibility = fields.String(load_default=None, validate=LINE, metadata={"label": "who"})


class SendForm(Schema):
    """The last press. `website` is a field nobody sees: whoever fills it in is asked to press again; `seen`
    marks the answers the page showed."""

    website = fields.String(load_default=None)
    seen = fields.String(load_default=None)


class AddForm(Schema):
    """More, for whoever has the request."""

    words = fields.String(required=True, validate=STORY, metadata={"label": "what you would like to add"})
