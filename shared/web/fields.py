"""Form fields that marshmallow does not have: a date in three boxes, and yes / no / not asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from marshmallow import fields

PARTS = ("day", "month", "year")
FIRST_YEAR = 1900
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",),
            ("jun", "june"), ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"),
            ("oct", "october"), ("nov", "november"), ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip


class DateParts(fields.Field[date]):
    """A date typed in three boxes named `<field>-day`, `<field>-month`, `<field>-year`.

    Loads `{"day": "22", "month": "11", "year": "2026"}` into a `date`; a month may be a name. Refused:
    a missing part, a day that does not exist, a year of fewer than four digits or before 1900, and
    a day after `latest()` where that is given.
    """

    WORDS: ClassVar[dict[str, str]] = {
        "part": "{label} must include a {part}",
        "real": "{label} must be a real date, like 22 11 2026",
        "year": "{label} must have a year of four digits, 1900 or later",
        "late": "{label} must be {latest} or earlier",
    }

    def __init__(self, *, latest: Callable[[], date] | None = None, **kwargs: Any) -> None:
        self.latest = latest
        super().__init__(**_with_words(self.WORDS, kwargs))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:  # noqa: ARG002
        if isinstance(value, date):
            return value
        part, error = self.fault(value)
        if error:
            raise self.make_error(error, **self._words(part))
        found = _read(value)
        if found is None:
            raise self.make_error("real", **self._words(""))
        return found

    def fault(self, value: Mapping[str, str]) -> tuple[str, str]:
        """The part to mend (`day`, `month`, `year`) and the kind of error; two blanks when all is well."""
        for part in PARTS:
            if not value.get(part, "").strip():
                return part, "part"
        year = value["year"].strip()
        if not (year.isascii() and year.isdigit() and len(year) == 4 and int(year) >= FIRST_YEAR):
            return "year", "year"
        found = _read(value)
        if found is None:
            return "day", "real"
        if self.latest is not None and found > self.latest():
            return "day", "late"
        return "", ""

    def _words(self, part: str) -> dict[str, str]:
        from shared.web.dates import uk_date

        label = str(self.metadata.get("label", "the date"))
        latest = uk_date(self.latest()) if self.latest else ""
        return {"label": label[:1].upper() + label[1:], "part": part, "latest": latest}


class YesNoNotAsked(fields.Field[bool | None]):
    """Radios yes / no / not asked: True, False or None. Nothing chosen is *not asked*."""

    WORDS: ClassVar[dict[str, str]] = {"invalid": "Choose yes, no or not asked"}

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("required"):
            kwargs.setdefault("load_default", None)
        super().__init__(allow_none=True, **_with_words(self.WORDS, kwargs))

    def _deserialize(
        self,
        value: Any,
        attr: str | None,  # noqa: ARG002
        data: Any,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> bool | None:
        answers: dict[str, bool | None] = {"yes": True, "no": False, "not_asked": None}
        if value not in answers:
            raise self.make_error("invalid")
        return answers[value]


def _with_words(words: Mapping[str, str], kwargs: dict[str, Any]) -> dict[str, Any]:
    return {**kwargs, "error_messages": {**words, **(kwargs.get("error_messages") or {})}}


def _read(value: Mapping[str, str]) -> date | None:
    day, month, year = (value.get(part, "").strip().lower() for part in PARTS)
    number = _MONTHS.get(month) or (int(month) if month.isascii() and month.isdigit() else 0)
    if not (day.isascii() and day.isdigit()):
        return None
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None
