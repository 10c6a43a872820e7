"""What a section says now that somebody else changed it, beside what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from shared.web import forms
from shared.web.forms import Form


def now_says(schema: Schema, typed: Form, shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields that now differ from what was typed: what each is called, and what it says now."""
    now = forms.blank(schema, shown)
    found = []
    for name in dict.fromkeys([*now.values, *typed.values]):
        if name.endswith(("-of", "-remove")) or _plain(now, name) == _plain(typed, name):
            continue
        found.append((_label(schema, name), _plain(now, name) or "nothing"))
    return found


def _plain(form: Form, name: str) -> str:
    value = form.values.get(name, "")
    return value.strip() if isinstance(value, str) else ", ".join(sorted(value))


def _label(schema: Schema, name: str) -> str:
    first, *others = name.split("-")
    field = schema.load_fields.get(first)
    label = str(field.metadata.get("label") or first.replace("_", " ")) if field is not None else first
    rest = " ".join(part if not part.isdigit() else str(int(part) + 1) for part in others)
    return f"{label[:1].upper()}{label[1:]} {rest.replace('_', ' ')}".strip()
