"""No message of the library reaches a caller: each is said as what to do."""

from __future__ import annotations

import re

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from shared.body_words import in_words

LIBRARY = re.compile(r"\b(?:not a valid|must be|missing|unknown|invalid|may not|length|was)\b", re.IGNORECASE)


class Inner(Schema):
    """One required field."""

    name = fields.String(required=True)


FIELDS = {
    "integer": fields.Integer(strict=True), "number": fields.Float(), "boolean": fields.Boolean(),
    "uuid": fields.UUID(), "date": fields.Date(), "time": fields.Time(), "datetime": fields.DateTime(),
    "aware": fields.AwareDateTime(), "text": fields.String(), "list": fields.List(fields.String()),
    "mapping": fields.Dict(), "nested": fields.Nested(Inner), "email": fields.Email(), "url": fields.Url(),
}  # fmt: skip
CHECKS = {
    "one of": (validate.OneOf(["a", "b"]), "c"), "only": (validate.ContainsOnly(["a"]), ["c"]),
    "longest": (validate.Length(max=2), "abc"), "shortest": (validate.Length(min=2), "a"),
    "not blank": (validate.Length(min=1), ""), "between": (validate.Length(min=2, max=3), "a"),
    "exactly": (validate.Length(equal=2), "a"), "range": (validate.Range(1, 9), 10),
    "least": (validate.Range(min=1), 0), "most": (validate.Range(max=1), 2),
    "above": (validate.Range(min=1, min_inclusive=False), 1),
    "below": (validate.Range(max=1, max_inclusive=False), 1),
    "pattern": (validate.Regexp("a+"), "b"),
}  # fmt: skip


def _refusal(field, value):
    with pytest.raises(ValidationError) as refused:
        Schema.from_dict({"it": field})().load({"it": value})
    said = refused.value.messages_dict["it"]
    return said["_schema"][0] if isinstance(said, dict) else said[0]


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("value", [object(), None], ids=["wrong", "null"])
def test_a_wrong_value_is_answered_with_what_to_give(kind, value):
    said = _refusal(FIELDS[kind], value)
    assert in_words(said) != said
    assert not LIBRARY.search(in_words(said)), in_words(said)


@pytest.mark.parametrize("check", CHECKS)
def test_a_value_out_of_bounds_is_answered_with_the_bounds(check):
    validator, value = CHECKS[check]
    said = _refusal(fields.Raw(validate=validator), value)
    assert in_words(said) != said
    assert not LIBRARY.search(in_words(said)), in_words(said)


def test_what_is_missing_and_what_is_too_much_is_answered_with_what_to_do():
    with pytest.raises(ValidationError) as refused:
        Inner().load({"colour": "red"})
    assert {name: in_words(said[0]) for name, said in refused.value.messages_dict.items()} == {
        "name": "Give this field.",
        "colour": "There is no such field: take it out.",
    }


def test_every_message_of_the_fields_we_take_is_reworded():
    """A new release that says one differently is noticed here."""
    kinds = (
        fields.Boolean, fields.Date, fields.Enum, fields.Field, fields.Float, fields.Integer, fields.List,
        fields.Mapping, fields.Nested, fields.Number, fields.String, fields.UUID,
    )  # fmt: skip
    known = [text for kind in kinds for key, text in kind.default_error_messages.items() if key != "format"]
    known += Schema._default_error_messages.values()
    for text in known:
        said = text.replace("{choices}", "a, b")
        assert in_words(said) != said, said


def test_our_own_words_stay():
    assert in_words("Give a day as YYYY-MM-DD.") == "Give a day as YYYY-MM-DD."
