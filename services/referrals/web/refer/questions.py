"""The questions that would make the list surer, as fields that can be answered right there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, fields, validate

from services.referrals.web.refer.body import CIRCUMSTANCES
from services.referrals.web.refer.forms import birth_date_field, postcode_field
from shared.web.fields import DateParts, YesNoNotAsked

Question = dict[str, Any]
DOT = "--"
_POSTCODE = "A postcode nearby is enough, even of a day centre or a surgery."


def questions_of(unknown: Iterable[Mapping[str, Any]], practices: list[tuple[str, str]]) -> list[Question]:
    """Every question once, the shortest first; the field decides how it is asked."""
    asked: dict[str, str] = {}
    for entry in unknown:
        for ask in entry.get("asks", ()):
            asked.setdefault(str(ask["field"]), str(ask["question"]))
    in_order = sorted(asked.items(), key=lambda each: (len(each[1]), each[0]))
    return [_as_field(name, question, practices) for name, question in in_order]


def _as_field(name: str, question: str, practices: list[tuple[str, str]]) -> Question:
    # A dot in a field's name would make marshmallow nest it.
    found: Question = {"name": name.replace(".", DOT), "question": question, "kind": "text"}
    if name in ("date_of_birth", "wanted_from"):
        found["kind"] = "date"
    elif name == "gp_practice_ods":
        found |= {"kind": "select", "items": practices}
    elif name.startswith(CIRCUMSTANCES):
        found["kind"] = "yes_no"
    elif name in ("postcode", "residence_on_date"):
        found |= {"width": 10, "hint": _POSTCODE}
    return found


def answers_schema(questions: Iterable[Question]) -> Schema:
    """A schema with a field for each question; every answer may be left out."""
    made: dict[str, Any] = {question["name"]: _field(question) for question in questions}
    return Schema.from_dict(made)()


def _field(question: Question) -> fields.Field[Any]:
    name, kind = question["name"], question["kind"]
    if name == "date_of_birth":
        return birth_date_field()
    if kind == "date":
        return DateParts(load_default=None, metadata={"label": "the day"})
    if kind == "yes_no":
        return YesNoNotAsked()
    if "postcode" in name or name == "residence_on_date":
        return postcode_field()
    return fields.String(load_default=None, validate=validate.Length(max=100))


def merged(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The earlier answers with those given now; what is left out stays as it was."""
    told = {name.replace(DOT, "."): value for name, value in given.items() if value is not None}
    return {**before, **{name: v.isoformat() if isinstance(v, date) else v for name, v in told.items()}}


def as_form(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Kept answers under the names of their fields."""
    return {name.replace(".", DOT): value for name, value in kept.items()}
