"""Fields that forms of listings share: lines, texts, lists of lines, and a time of day as people type it."""

from __future__ import annotations

import re
from datetime import time
from typing import Any, ClassVar

from marshmallow import fields, validate

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}


class TimeOfDay(fields.Field[time]):
    """A time such as 18:30, 6.30pm, 6pm or noon."""

    WORDS: ClassVar[dict[str, str]] = {"time": "Enter a time such as 18:30, 6.30pm or noon"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "error_messages": self.WORDS})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> time:  # noqa: ARG002
        text = str(value).strip().lower()
        if text in _NAMED:
            return _NAMED[text]
        found = _TIME.fullmatch(text) if text.isascii() else None
        if found is None:
            raise self.make_error("time")
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
        if half and not 1 <= hour <= 12:
            raise self.make_error("time")
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif found[2] is None:
            # 6 may be the morning or the evening: nobody guesses.
            raise self.make_error("time")
        try:
            return time(hour, minute)
        except ValueError as wrong:
            raise self.make_error("time") from wrong


def line(label: str, *, required: bool = False, most: int = 300, absent: str | None = None) -> fields.String:
    """One line of text; None (or `absent`) where it is left empty."""
    return _words(label, required, most, absent)


def words(label: str, *, most: int = 5_000, absent: str | None = None) -> fields.String:
    """A text of some paragraphs."""
    return _words(label, False, most, absent)


def _words(label: str, required: bool, most: int, absent: str | None) -> fields.String:
    check, metadata = validate.Length(max=most), {"label": label}
    if required:
        return fields.String(required=True, validate=check, metadata=metadata)
    return fields.String(load_default=absent, allow_none=True, validate=check, metadata=metadata)


def chosen(label: str) -> fields.List[str]:
    """Ticked boxes."""
    return fields.List(fields.String(), load_default=list, metadata={"label": label})


def lines_of(text: str | None) -> tuple[str, ...]:
    """The lines of a text, without blank ones, each once."""
    return tuple(dict.fromkeys(one.strip() for one in (text or "").split("\n") if one.strip()))


def said_time(at: time | None) -> str:
    """A time as a form shows it."""
    return f"{at:%H:%M}" if at is not None else ""
