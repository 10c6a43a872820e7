"""marshmallow's messages as a page says them: what to do, naming the field."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import fields, validate

from shared.web.fields import YesNoNotAsked

_CHOSEN = (fields.List, fields.Enum, fields.Boolean, fields.UUID, YesNoNotAsked)
# Pattern of the library's text → ours; {do} is "Enter a postcode", {what} "A postcode".
_WORDS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"Missing data for required field\.|Field may not be null\.|Field may not be empty\.", "{do}"),
        (r"Not a valid integer\.", "{what} must be a whole number"),
        (r"Not a valid number\.", "{what} must be a number"),
        (r"Special numeric values .*", "{what} must be a number"),
        (r"Number too large\.", "{what} is too large a number"),
        (r"Not a valid string\.|Not a valid mapping type\.|Not a valid list\.", "{do}"),
        (r"Not a valid utf-8 string\.", "{what} holds a character that cannot be read"),
        (r"Not a valid boolean\.|Not a valid UUID\.|Must be one of: .*|One or more of the choices .*",
         "Choose {label} from the list"),
        (r"Not a valid email address\.", "{what} must look like name@example.org"),
        (r"Not a valid URL\.", "{what} must be a web address, like https://www.example.org"),
        (r"Not a valid (date|time|datetime|naive datetime|aware datetime)\.", "{what} must be a real \\1"),
        (r"String does not match expected pattern\.", "{what} is not in the form we expect"),
        (r"Longer than maximum length (\d+)\.", "{what} must be \\1 characters or fewer"),
        (r"Shorter than minimum length 1\.", "{do}"),
        (r"Shorter than minimum length (\d+)\.", "{what} must be \\1 characters or more"),
        (r"Length must be between (\d+) and (\d+)\.", "{what} must be \\1 to \\2 characters"),
        (r"Length must be (\d+)\.", "{what} must be \\1 characters"),
        (r"Must be greater than or equal to (\S+) and less than or equal to (\S+?)\.",
         "{what} must be \\1 to \\2"),
        (r"Must be greater than (\S+) and less than (\S+?)\.", "{what} must be between \\1 and \\2"),
        (r"Must be .+ and .+\.", "{what} is outside what can be taken"),
        (r"Must be greater than or equal to (.+?)\.?", "{what} must be \\1 or more"),
        (r"Must be less than or equal to (.+?)\.?", "{what} must be \\1 or less"),
        (r"Must be greater than (.+?)\.?", "{what} must be more than \\1"),
        (r"Must be less than (.+?)\.?", "{what} must be less than \\1"),
    )
)  # fmt: skip


def in_plain_words(kind: fields.Field[Any], name: str, message: str) -> str:
    """`message` of field `kind`, reworded when it is the library's own; a schema's own words stay."""
    label = str(kind.metadata.get("label") or f"the {name.replace('_', ' ')}")
    for pattern, words in _WORDS:
        found = pattern.fullmatch(message)
        if found:
            do = f"{'Choose' if _is_chosen(kind) else 'Enter'} {label}"
            told = found.expand(words)
            return told.format(do=do, what=label[:1].upper() + label[1:], label=label)
    return message


def _is_chosen(kind: fields.Field[Any]) -> bool:
    return isinstance(kind, _CHOSEN) or any(
        isinstance(check, (validate.OneOf, validate.ContainsOnly)) for check in kind.validators
    )
