"""Fields of JSON bodies that take one form only, where the library would guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields

_FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TrueOrFalse(fields.Boolean):
    """`true` or `false` of JSON: a number or a word is refused rather than guessed at.

    Whether somebody may be rung is no place for "on", "1" or "t".
    """

    default_error_messages = {"invalid": "Give true or false."}  # noqa: RUF012 as the library has it

    def _deserialize(self, value: Any, *_given: Any, **_options: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Day(fields.Date):
    """A calendar day as `YYYY-MM-DD` (RFC 3339 §5.6 full-date): other spellings of ISO 8601 are refused."""

    default_error_messages = {"invalid": "Give a day as YYYY-MM-DD."}  # noqa: RUF012 as the library has it

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> date:
        if not isinstance(value, str) or not _FULL_DATE.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type="date")
        found: date = super()._deserialize(value, attr, data, **options)
        return found
