"""A form keeps what was typed, says what to mend, and means what its schema says."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from werkzeug.datastructures import MultiDict

from shared.errors import FieldProblem, Invalid
from shared.web import forms
from shared.web.fields import DateParts, YesNoNotAsked


class Sector(StrEnum):
    HEALTH = "health"
    HOUSING = "housing"


class AddressSchema(Schema):
    postcode = fields.String(required=True, metadata={"label": "a postcode"})
    lines = fields.String()


class ContactSchema(Schema):
    value = fields.String(required=True, metadata={"label": "a number"})
    safe = YesNoNotAsked()


class SampleSchema(Schema):
    name = fields.String(required=True, validate=validate.Length(max=10), metadata={"label": "the name"})
    born = DateParts(latest=lambda: date(2026, 11, 22), metadata={"label": "the date of birth"})
    needs = fields.List(fields.String(validate=validate.OneOf(["a", "b"])), metadata={"label": "a need"})
    sector = fields.Enum(Sector, by_value=True, metadata={"label": "a sector"})
    age = fields.Integer(validate=validate.Range(min=0, max=120), metadata={"label": "the age"})
    agreed = fields.Boolean(load_default=False)
    phone_safe = YesNoNotAsked()
    secret = fields.String(metadata={"strip": False})
    address = fields.Nested(AddressSchema)
    contacts = fields.List(fields.Nested(ContactSchema), load_default=list)


def read(*pairs: tuple[str, str]) -> forms.Form:
    return forms.read(SampleSchema(), MultiDict([("name", "Ada"), *pairs]))


def refused(*pairs: tuple[str, str]) -> dict[str, str]:
    return read(*pairs).errors


def test_what_is_right_is_loaded() -> None:
    form = read(
        ("born-day", "3"), ("born-month", "5"), ("born-year", "1952"), ("needs", "a"), ("needs", "b"),
        ("sector", "housing"), ("age", " 74 "), ("agreed", "yes"), ("phone_safe", "no"),
        ("address-postcode", "YO24 3BZ"),
    )  # fmt: skip
    assert form.ok
    assert form.status == 200
    assert form.data == {
        "name": "Ada", "born": date(1952, 5, 3), "needs": ["a", "b"], "sector": Sector.HOUSING, "age": 74,
        "agreed": True, "phone_safe": False, "address": {"postcode": "YO24 3BZ"}, "contacts": [],
    }  # fmt: skip


def test_blank_means_not_given_and_not_asked() -> None:
    form = forms.read(SampleSchema(), MultiDict([("name", "Ada"), ("age", "  "), ("phone_safe", "")]))
    assert form.data == {"name": "Ada", "agreed": False, "phone_safe": None, "contacts": []}


@pytest.mark.parametrize(("answer", "meaning"), [("yes", True), ("no", False), ("not_asked", None)])
def test_the_three_answers(answer: str, meaning: bool | None) -> None:
    assert read(("phone_safe", answer)).data["phone_safe"] is meaning


def test_another_answer_is_refused() -> None:
    assert refused(("phone_safe", "maybe")) == {"phone_safe": "Choose yes, no or not asked"}


def test_what_was_typed_is_kept_when_something_is_wrong() -> None:
    form = read(("name", "ignored"), ("age", " old "), ("needs", "a"), ("needs", "z"), ("born-day", "31"))
    assert form.value("age") == " old "
    assert form.chosen("needs") == ["a", "z"]
    assert form.value("born-day") == "31"
    assert form.status == 422
    assert form.data == {}


def test_errors_come_in_the_order_of_the_fields_and_lead_to_them() -> None:
    form = forms.read(SampleSchema(), MultiDict([("age", "x"), ("born-day", "3"), ("born-month", "5")]))
    assert form.summary == [
        {"text": "Enter the name", "href": "#name"},
        {"text": "The date of birth must include a year", "href": "#born-year"},
        {"text": "The age must be a whole number", "href": "#age"},
    ]


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("name", "Bartholomew Longname", "The name must be 10 characters or fewer"),
        ("needs", "z", "Choose a need from the list"),
        ("sector", "z", "Choose a sector from the list"),
        ("age", "-1", "The age must be 0 to 120"),
        ("age", "9" * 5000, "The age must be a whole number"),
    ],
)
def test_the_librarys_words_are_made_plain(name: str, typed: str, message: str) -> None:
    assert forms.read(SampleSchema(), MultiDict({"name": "Ada", name: typed})).errors == {name: message}


def test_no_message_of_the_library_reaches_a_page() -> None:
    class EveryKind(Schema):
        text = fields.String(validate=[validate.Length(min=2, max=3), validate.Regexp("^a")])
        exact = fields.String(validate=validate.Length(equal=2))
        least = fields.String(validate=validate.Length(min=2))
        number = fields.Float()
        low = fields.Integer(validate=validate.Range(min=5))
        high = fields.Integer(validate=validate.Range(max=5))
        above = fields.Integer(validate=validate.Range(min=5, min_inclusive=False))
        below = fields.Integer(validate=validate.Range(max=5, max_inclusive=False))
        flag = fields.Boolean()
        key = fields.UUID()
        mail = fields.Email()
        link = fields.Url()
        day = fields.Date()
        moment = fields.DateTime()

    typed = {
        "text": "bbbb", "exact": "b", "least": "b", "number": "nan", "low": "1", "high": "9", "above": "5",
        "below": "5", "flag": "maybe", "key": "x", "mail": "x", "link": "x", "day": "x", "moment": "x",
    }  # fmt: skip
    errors = forms.read(EveryKind(), MultiDict(typed)).errors
    assert errors == {
        "text": "The text must be 2 to 3 characters",
        "exact": "The exact must be 2 characters",
        "least": "The least must be 2 characters or more",
        "number": "The number must be a number",
        "low": "The low must be 5 or more",
        "high": "The high must be 5 or less",
        "above": "The above must be more than 5",
        "below": "The below must be less than 5",
        "flag": "Choose the flag from the list",
        "key": "Choose the key from the list",
        "mail": "The mail must look like name@example.org",
        "link": "The link must be a web address, like https://www.example.org",
        "day": "The day must be a real date",
        "moment": "The moment must be a real datetime",
    }


def test_a_schemas_own_words_are_used_as_they_are() -> None:
    class Own(Schema):
        name = fields.String(required=True, error_messages={"required": "Say what to call them"})

    assert forms.read(Own(), MultiDict()).errors == {"name": "Say what to call them"}


def test_what_is_wrong_with_the_whole_is_said_of_the_whole() -> None:
    class Pair(Schema):
        first = fields.String()

        @validates_schema
        def check(self, data: dict[str, str], **kwargs: object) -> None:  # noqa: ARG002
            raise ValidationError("Give one or the other")

    assert forms.read(Pair(), MultiDict({"first": "x"})).summary == [{"text": "Give one or the other"}]


@pytest.mark.parametrize(
    ("parts", "message", "link"),
    [
        (("", "5", "1952"), "The date of birth must include a day", "born-day"),
        (("3", "", "1952"), "The date of birth must include a month", "born-month"),
        (("3", "5", "52"), "The date of birth must have a year of four digits, 1900 or later", "born-year"),
        (("3", "5", "1899"), "The date of birth must have a year of four digits, 1900 or later", "born-year"),
        (("31", "2", "1952"), "The date of birth must be a real date, like 22 11 2026", "born-day"),
        (("3", "Smarch", "1952"), "The date of birth must be a real date, like 22 11 2026", "born-day"),
        (("23", "11", "2026"), "The date of birth must be 22 November 2026 or earlier", "born-day"),
        (("٣", "5", "1952"), "The date of birth must be a real date, like 22 11 2026", "born-day"),
    ],
)
def test_a_date_that_cannot_be_says_which_box_to_mend(
    parts: tuple[str, str, str], message: str, link: str
) -> None:
    day, month, year = parts
    form = read(("born-day", day), ("born-month", month), ("born-year", year))
    assert form.summary == [{"text": message, "href": f"#{link}"}]


@pytest.mark.parametrize("month", ["5", "05", "May", "may"])
def test_a_month_may_be_a_number_or_a_name(month: str) -> None:
    form = read(("born-day", "3"), ("born-month", month), ("born-year", "1952"))
    assert form.data["born"] == date(1952, 5, 3)


@given(st.dates(date(1900, 1, 1), date(2026, 11, 22)))
def test_every_date_shown_is_read_back_the_same(day: date) -> None:
    shown = forms.blank(SampleSchema(), {"name": "Ada", "born": day})
    assert read(*[(key, str(value)) for key, value in shown.values.items()]).data["born"] == day


@given(st.text(), st.text(), st.text())
def test_nothing_typed_in_the_date_boxes_breaks_the_form(day: str, month: str, year: str) -> None:
    form = read(("born-day", day), ("born-month", month), ("born-year", year))
    assert form.errors or form.data.get("born") is None or isinstance(form.data["born"], date)


def test_wholly_blank_rows_are_dropped_and_errors_find_the_row_they_are_of() -> None:
    form = read(
        ("contacts-0-value", ""), ("contacts-0-safe", ""), ("contacts-2-value", "01632 960001"),
        ("contacts-2-safe", "yes"), ("contacts-5-value", ""), ("contacts-5-safe", "yes"),
    )  # fmt: skip
    assert form.errors == {"contacts-5-value": "Enter a number"}
    assert form.rows("contacts") == [f"contacts-{number}-" for number in range(6)]


def test_rows_are_loaded_in_order() -> None:
    form = read(("contacts-1-value", "second"), ("contacts-0-value", "first"), ("contacts-0-safe", "yes"))
    assert form.data["contacts"] == [
        {"value": "first", "safe": True},
        {"value": "second", "safe": None},
    ]


def test_more_rows_than_can_be_are_left_out() -> None:
    form = read(*[(f"contacts-{number}-value", "x") for number in range(99)])
    assert len(form.data["contacts"]) == forms.MOST_ROWS


def test_a_nested_part_begun_must_be_finished() -> None:
    assert refused(("address-lines", "1 Street")) == {"address-postcode": "Enter a postcode"}


def test_ends_of_lines_are_made_one_and_edges_trimmed_but_not_of_secrets() -> None:
    form = read(("address-postcode", " YO24 3BZ "), ("address-lines", "a\r\nb\rc"), ("secret", " s "))
    assert form.data["address"] == {"postcode": "YO24 3BZ", "lines": "a\nb\nc"}
    assert form.data["secret"] == " s "


def test_a_character_that_cannot_be_stored_is_refused() -> None:
    assert refused(("needs", "a"), ("address-postcode", "YO\0")) == {
        "address-postcode": "Take out the character that cannot be stored"
    }


def test_an_actions_refusal_finds_its_fields() -> None:
    form = read()
    form.refuse(
        Invalid(
            [
                FieldProblem("/person/age", "The age and the date differ"),
                FieldProblem("/address/postcode", "Not a postcode"),
                FieldProblem("/person/full_name", "Too short"),
                FieldProblem("/elsewhere", "Cannot be"),
                FieldProblem("/", "Nor this"),
            ]
        ),
        names={"/person/full_name": "name"},
    )
    assert form.summary == [
        {"text": "Cannot be Nor this"},
        {"text": "Too short", "href": "#name"},
        {"text": "The age and the date differ", "href": "#age"},
        {"text": "Not a postcode", "href": "#address-postcode"},
    ]
    assert not form.ok


def test_values_are_shown_as_they_would_be_typed() -> None:
    form = forms.blank(
        SampleSchema(),
        {
            "born": date(1952, 5, 3), "needs": ["a"], "sector": Sector.HEALTH, "age": 0, "agreed": True,
            "phone_safe": None, "address": {"postcode": "YO1"}, "contacts": [{"value": "1", "safe": False}],
        },
    )  # fmt: skip
    assert form.values == {
        "born-day": "3", "born-month": "5", "born-year": "1952", "needs": ["a"], "sector": "health",
        "age": "0",
        "agreed": "yes", "phone_safe": "not_asked", "address-postcode": "YO1", "contacts-0-value": "1",
        "contacts-0-safe": "no",
    }  # fmt: skip
    assert form.ok
    assert form.value("name") == ""


def test_only_one_message_is_shown_for_a_field() -> None:
    form = read()
    form.fail("age", "first")
    form.fail("age", "second")
    assert form.error("age") == "first"
