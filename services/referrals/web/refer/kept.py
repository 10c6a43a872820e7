"""What a draft keeps: the answers of each page, as JSON, and back again for the forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, fields

from shared.web.fields import DateParts

PAGES = ("start", "answers", "choice", "about", "contact")


def to_json(value: Any) -> Any:
    """A form's data with its dates written as ISO text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(inner) for inner in value]
    return value


def for_form(schema: Schema, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The kept answers of one page as the values its form shows."""
    values = dict(kept)
    for name, kind in schema.load_fields.items():
        if isinstance(kind, DateParts):
            values[name] = day(values.get(name))
        elif isinstance(kind, fields.List) and values.get(name) is None:
            values[name] = []
    return values


def day(text: Any) -> date | None:
    """A kept day."""
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def with_page(content: Mapping[str, Any], page: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The draft's content after `page` was sent with `data`."""
    return {**content, page: to_json(data)}


def page_of(content: Mapping[str, Any], page: str) -> dict[str, Any]:
    """The answers of one page; empty where it was not reached yet."""
    return dict(content.get(page) or {})
