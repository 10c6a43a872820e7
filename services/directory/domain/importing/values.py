"""Values of other people's fields, each taken where it can be and named where it cannot."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from services.directory.domain.accounts import email_address
from services.directory.domain.importing.plain_text import one_line, plain_text
from services.directory.domain.importing.records import Problem
from services.directory.domain.postcodes import parse_postcode
from shared.errors import Invalid

LONGEST_NAME = 300
LONGEST_TEXT = 20_000
_NOTHING = frozenset({"", "n/a", "na", "none", "null", "nil", "-", "--", "tbc", "not applicable", "unknown"})
_YES = frozenset({"yes", "y", "true", "1", "x", "free"})
_NO = frozenset({"no", "n", "false", "0"})
_DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d %H:%M:%S")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")


class Said:
    """One object of a feed, or a row: fields are asked for by the names they go by, the first that says.

    `notes` collects what could not be taken as it stands, for this object and all inside it.
    """

    def __init__(self, raw: Any, notes: list[Problem] | None = None, path: str = "") -> None:
        self.raw: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        self.notes = notes if notes is not None else []
        self.path = path

    def note(self, name: str, detail: str) -> None:
        """Say that a field was mended or left out."""
        self.notes.append(Problem(self.path + name, detail))

    def inner(self, *names: str) -> Said:
        """An object inside."""
        for name in names:
            if isinstance(self.raw.get(name), Mapping) and self.raw[name]:
                return Said(self.raw[name], self.notes, f"{self.path}{name}.")
        return Said({}, self.notes, self.path)

    def all(self, *names: str) -> list[Said]:
        """The objects of a list inside, those that are objects."""
        for name in names:
            found = self.raw.get(name)
            if isinstance(found, list) and found:
                return [
                    Said(one, self.notes, f"{self.path}{name}[{n}].")
                    for n, one in enumerate(found)
                    if isinstance(one, Mapping)
                ]
        return []

    def _said(self, names: tuple[str, ...]) -> tuple[str, str]:
        for name in names:
            value = self.raw.get(name)
            if isinstance(value, bool) or value is None or isinstance(value, (Mapping, list, tuple)):
                continue
            text = one_line(str(value))
            if text and text.lower() not in _NOTHING:
                return name, text
        return names[0], ""

    def line(self, *names: str, most: int = LONGEST_TEXT) -> str | None:
        """Text on one line; None where nothing is said. Longer than `most` is cut, and noted."""
        name, text = self._said(names)
        if len(text) > most:
            self.note(name, f"Longer than {most} letters: the rest was left out. Shorten it at the source.")
            text = text[: most - 1].rstrip() + "…"
        return text or None

    def prose(self, *names: str) -> str:
        """Text of several paragraphs; empty where nothing is said."""
        for name in names:
            value = self.raw.get(name)
            if isinstance(value, str) and (text := plain_text(value)):
                if len(text) > LONGEST_TEXT:
                    self.note(name, f"Longer than {LONGEST_TEXT} letters: the rest was left out.")
                    return text[: LONGEST_TEXT - 1].rstrip() + "…"
                return text
        return ""

    def url(self, *names: str) -> str | None:
        """A web address; one without its beginning is given https."""
        name, text = self._said(names)
        if not text:
            return None
        whole = text if re.match(r"(?i)https?://", text) else f"https://{text}"
        try:
            parts = urlsplit(whole)
            host = parts.hostname or ""
            fits = parts.port is None or parts.port > 0
        except ValueError:
            host, fits = "", False
        if " " in whole or "://" in whole[8:] or not fits or not re.fullmatch(r"[^\s.@]+(\.[^\s.@]+)+", host):
            self.note(name, f"{_short(text)} is not a web address: it was left out. Write it like https://…")
            return None
        if whole != text:
            self.note(name, f"{_short(text)} has no beginning: https:// was put before it.")
        return whole

    def email(self, *names: str) -> str | None:
        """An e-mail address."""
        name, text = self._said(names)
        if not text:
            return None
        try:
            return email_address(re.sub(r"(?i)^mailto:", "", text))
        except Invalid:
            self.note(name, f"{_short(text)} is not an e-mail address: it was left out.")
            return None

    def phone(self, *names: str) -> str | None:
        """A telephone number, as people write it."""
        name, text = self._said(names)
        if not text:
            return None
        text = re.sub(r"(?i)^tel:", "", text)
        if len(text) > 60 or sum(letter.isdigit() for letter in text) < 3:
            self.note(name, f"{_short(text)} is not a telephone number: it was left out.")
            return None
        return text

    def postcode(self, *names: str) -> str | None:
        """A postcode as it is stored."""
        name, text = self._said(names)
        found = parse_postcode(text) if text else None
        if text and found is None:
            self.note(
                name, f"{_short(text)} is not a postcode: the place is not on the map. Mend it at the source."
            )
        return found

    def number(self, *names: str) -> float | None:
        """A number."""
        name, text = self._said(names)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.note(name, f"{_short(text)} is not a number: it was left out.")
            return None
        return value

    def years(self, *names: str) -> int | None:
        """An age in whole years, 0 to 120."""
        value = self.number(*names)
        if value is None:
            return None
        if not 0 <= value <= 120:
            self.note(names[0], "An age is between 0 and 120 years: it was left out.")
            return None
        return int(value)

    def amount(self, *names: str) -> Decimal | None:
        """An amount of money, two places."""
        name, text = self._said(names)
        if not text:
            return None
        try:
            value = Decimal(text.lstrip("£").replace(",", ""))
            if not value.is_finite() or not 0 <= value < 10**8:
                raise InvalidOperation
            return value.quantize(Decimal("0.01"))
        except InvalidOperation:
            self.note(name, f"{_short(text)} is not an amount: it was left out.")
            return None

    def day(self, *names: str) -> date | None:
        """A day."""
        name, text = self._said(names)
        if not text:
            return None
        for form in _DAY_FORMS:
            try:
                return datetime.strptime(text[:10] if "T" in text else text, form).date()  # noqa: DTZ007
            except ValueError:
                continue
        self.note(name, f"{_short(text)} is not a day: it was left out. Write it as 2026-11-22.")
        return None

    def clock(self, *names: str) -> time | None:
        """A time of day."""
        name, text = self._said(names)
        if not text:
            return None
        match = _CLOCK.fullmatch(text.rpartition("T")[2])
        if match is None:
            self.note(name, f"{_short(text)} is not a time of day: it was left out. Write it as 14:30.")
            return None
        return time(int(match[1]), int(match[2]))

    def yes(self, *names: str) -> bool | None:
        """Yes or no; None where nobody said."""
        for name in names:
            if isinstance(self.raw.get(name), bool):
                return bool(self.raw[name])
        name, text = self._said(names)
        if text.lower() in _YES:
            return True
        if text.lower() in _NO:
            return False
        if text:
            self.note(name, f"{_short(text)} is neither yes nor no: it was left out.")
        return None


def _short(text: str) -> str:
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”"
