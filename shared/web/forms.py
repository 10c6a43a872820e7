"""Page forms, checked by marshmallow: what was typed is kept, what is wrong is said beside the field.

Names in the form: `postcode`; a list repeats its name; a date has three boxes `born-day`, `born-month`,
`born-year`; a nested schema is `person-postcode`; rows of a nested list are `contacts-0-value`,
`contacts-1-value`. Blank text counts as not given; wholly blank rows are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from shared.errors import Invalid
from shared.web.fields import PARTS, DateParts, YesNoNotAsked
from shared.web.form_words import in_plain_words

MOST_ROWS = 50
_NUL = "\0"

Typed = dict[str, str | list[str]]


@dataclass
class Form:
    """What was typed, what it means when it is right, and what to mend when it is not."""

    values: Typed = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """True when nothing needs mending."""
        return not self.errors

    @property
    def status(self) -> int:
        """200, or 422 when something needs mending."""
        return 200 if self.ok else 422

    @property
    def summary(self) -> list[dict[str, str]]:
        """The error summary: `[{"text", "href"}]` in the order of the fields."""
        return [
            {"text": text, "href": f"#{self.links.get(name, name)}"} if name else {"text": text}
            for name, text in self.errors.items()
        ]

    def value(self, name: str) -> str:
        """What was typed in one field, or blank."""
        typed = self.values.get(name, "")
        return typed if isinstance(typed, str) else (typed[0] if typed else "")

    def chosen(self, name: str) -> list[str]:
        """What was ticked in a list of checkboxes."""
        typed = self.values.get(name, [])
        return [typed] if isinstance(typed, str) else typed

    def error(self, name: str) -> str:
        """What to mend in one field, or blank."""
        return self.errors.get(name, "")

    def rows(self, name: str, at_least: int = 1) -> list[str]:
        """The prefixes of a nested list's rows, `contacts-0-`, `contacts-1-`, with `at_least` so many."""
        typed = _row_numbers(self.values, name + "-")
        return [f"{name}-{number}-" for number in range(max([at_least, *(n + 1 for n in typed)]))]

    def fail(self, name: str, message: str) -> None:
        """Say what to mend in `name`; a blank name speaks of the form as a whole."""
        if not name and name in self.errors:
            self.errors[name] += " " + message
        else:
            self.errors.setdefault(name, message)
        places = {key: place for place, key in enumerate(self.order)}
        self.errors = dict(sorted(self.errors.items(), key=lambda e: places.get(e[0], -1)))

    def refuse(self, refused: Invalid, names: Mapping[str, str] | None = None) -> None:
        """Show an action's refusal. `names` leads from its JSON pointers to field names.

        A pointer not in `names` finds the field of the same path (`/person/postcode`: `person-postcode`),
        else of its last step; what fits no field is said of the whole form.
        """
        for problem in refused.errors:
            path = problem.pointer.strip("/")
            tries = ((names or {}).get(problem.pointer), path.replace("/", "-"), path.rsplit("/", 1)[-1])
            self.fail(next((name for name in tries if name and name in self.order), ""), problem.detail)


def blank(schema: Schema, values: Mapping[str, Any] | None = None) -> Form:
    """A form not yet sent, showing `values` (Python values, shaped like the schema)."""
    typed: Typed = {}
    _show(schema, values or {}, "", typed)
    return Form(values=typed, order=_names(schema, ""), links=_first_boxes(schema, ""))


def read(schema: Schema, source: MultiDict[str, str] | None = None) -> Form:
    """The form as sent in `request.form` (or `source`), checked by `schema`."""
    sent: MultiDict[str, str] = request.form if source is None else source
    reading = _Reading(sent)
    raw = reading.gather(schema, "")
    form = Form(values=reading.typed, order=reading.order, links=reading.links)
    try:
        form.data = schema.load(raw)
    except ValidationError as refused:
        _place(form, reading, schema, refused.messages_dict, "")
    for name in reading.unstorable:
        form.fail(name, "Take out the character that cannot be stored")
    return form


class _Reading:
    """Collects from the flat form what marshmallow wants nested, remembering where all came from."""

    def __init__(self, sent: MultiDict[str, str]) -> None:
        self.sent = sent
        self.typed: Typed = {}
        self.order: list[str] = []
        self.links: dict[str, str] = {}
        self.rows: dict[str, list[int]] = {}
        self.unstorable: list[str] = []

    def gather(self, schema: Schema, prefix: str) -> dict[str, Any]:
        raw: dict[str, Any] = {}
        for name, kind in schema.load_fields.items():
            key = prefix + (kind.data_key or name)
            found = self._one(kind, key)
            if found is not None:
                raw[kind.data_key or name] = found
        return raw

    def _one(self, kind: fields.Field[Any], key: str) -> Any:
        nested = _nested_rows(kind)
        if nested is not None:
            return self._all_rows(nested, key)
        if isinstance(kind, fields.Nested):
            inner = self.gather(kind.schema, key + "-")
            return inner if inner or kind.required else None
        self.order.append(key)
        if isinstance(kind, DateParts):
            return self._date(kind, key)
        if isinstance(kind, fields.List):
            texts = [self._clean(text, key) for text in self.sent.getlist(key)]
            self.typed[key] = texts
            return [text for text in texts if text] or None
        text = self.sent.get(key, "")
        self.typed[key] = text
        clean = self._clean(text, key, strip=kind.metadata.get("strip", True))
        return clean or None

    def _all_rows(self, schema: Schema, key: str) -> list[dict[str, Any]] | None:
        numbers = _row_numbers(self.sent, key + "-")[:MOST_ROWS]
        found = [(number, self.gather(schema, f"{key}-{number}-")) for number in numbers]
        filled = [(number, row) for number, row in found if row]
        self.rows[key] = [number for number, _ in filled]
        return [row for _, row in filled] or None

    def _date(self, kind: DateParts, key: str) -> dict[str, str] | None:
        parts = {part: self._clean(self.sent.get(f"{key}-{part}", ""), key) for part in PARTS}
        self.typed.update({f"{key}-{part}": text for part, text in parts.items()})
        self.links[key] = f"{key}-{kind.fault(parts)[0] or 'day'}"
        return parts if any(parts.values()) else None

    def _clean(self, text: str, key: str, strip: bool = True) -> str:
        if _NUL in text and key not in self.unstorable:
            self.unstorable.append(key)
        text = text.replace(_NUL, "").replace("\r\n", "\n").replace("\r", "\n")
        return text.strip() if strip else text


def _place(form: Form, reading: _Reading, schema: Schema, messages: Mapping[Any, Any], prefix: str) -> None:
    """Give each of marshmallow's nested messages to the form field it belongs to."""
    by_key = {kind.data_key or name: kind for name, kind in schema.load_fields.items()}
    for step, inner in messages.items():
        kind = by_key.get(step)
        key = f"{prefix}{step}"
        if kind is None:
            form.fail("", " ".join(_texts(inner)))
            continue
        nested = _nested_rows(kind)
        if nested is not None and isinstance(inner, Mapping):
            numbers = reading.rows.get(key, [])
            for place, row in inner.items():
                if isinstance(place, int) and isinstance(row, Mapping):
                    _place(form, reading, nested, row, f"{key}-{numbers[place]}-")
                else:
                    form.fail("", " ".join(_texts(row)))
        elif isinstance(kind, fields.Nested) and isinstance(inner, Mapping):
            _place(form, reading, kind.schema, inner, f"{key}-")
        else:
            form.fail(key, in_plain_words(kind, step, _texts(inner)[0]))


def _texts(messages: Any) -> list[str]:
    if isinstance(messages, Mapping):
        return [text for inner in messages.values() for text in _texts(inner)]
    if isinstance(messages, (list, tuple)):
        return [text for inner in messages for text in _texts(inner)]
    return [str(messages)]


def _nested_rows(kind: fields.Field[Any]) -> Schema | None:
    if isinstance(kind, fields.Nested):
        return kind.schema if kind.many else None
    if isinstance(kind, fields.List) and isinstance(kind.inner, fields.Nested):
        return kind.inner.schema
    return None


def _row_numbers(keys: Mapping[str, Any], prefix: str) -> list[int]:
    pattern = re.compile(re.escape(prefix) + r"(\d{1,2})-")
    return sorted({int(found[1]) for key in keys if (found := pattern.match(key))})


def _names(schema: Schema, prefix: str) -> list[str]:
    names: list[str] = []
    for name, kind in schema.load_fields.items():
        key = prefix + (kind.data_key or name)
        if isinstance(kind, fields.Nested) and not kind.many:
            names += _names(kind.schema, key + "-")
        else:
            names.append(key)
    return names


def _first_boxes(schema: Schema, prefix: str) -> dict[str, str]:
    links: dict[str, str] = {}
    for name, kind in schema.load_fields.items():
        key = prefix + (kind.data_key or name)
        if isinstance(kind, DateParts):
            links[key] = f"{key}-day"
        elif isinstance(kind, fields.Nested) and not kind.many:
            links |= _first_boxes(kind.schema, key + "-")
    return links


def _show(schema: Schema, values: Mapping[str, Any], prefix: str, typed: Typed) -> None:
    for name, kind in schema.load_fields.items():
        key = prefix + (kind.data_key or name)
        value = values.get(name)
        nested = _nested_rows(kind)
        if nested is not None:
            for place, row in enumerate(value or ()):
                _show(nested, row, f"{key}-{place}-", typed)
        elif isinstance(kind, fields.Nested):
            _show(kind.schema, value or {}, key + "-", typed)
        elif isinstance(kind, DateParts) and isinstance(value, date):
            typed.update({f"{key}-{part}": str(getattr(value, part)) for part in PARTS})
        elif isinstance(value, (list, tuple, set, frozenset)):
            typed[key] = [_as_typed(one) for one in value]
        elif value is not None:
            typed[key] = _as_typed(value)
        elif isinstance(kind, YesNoNotAsked) and name in values:
            typed[key] = "not_asked"


def _as_typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value.value) if isinstance(value, Enum) else str(value)
