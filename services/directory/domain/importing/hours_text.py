"""Opening hours in free text, parsed where the whole text is understood; else nothing is claimed.

Understood: days, spans and lists of days, `weekdays`, `daily`, `except Sundays`, the second Tuesday of the
month, times in the 12 or the 24 hour clock, several of these in a row, `closed`. Not understood, because it
is not certain: a time that could be morning or evening (`9-5`, `10:00 - 03:00`), fortnights (from when?),
school holidays, bank holidays, seasons, any word not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from services.directory.domain.documents import Opening
from services.directory.domain.importing.hours_times import Clock, Unclear
from services.directory.domain.listings import Frequency
from services.directory.domain.opening import DAYS

LONGEST = 500
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = {
    "mo": 0, "mon": 0, "tu": 1, "tue": 1, "tues": 1, "we": 2, "wed": 2, "weds": 2, "th": 3, "thu": 3,
        "thur": 3,
    "thurs": 3, "fr": 4, "fri": 4, "sa": 5, "sat": 5, "su": 6, "sun": 6,
}  # fmt: skip
_DAY_WORDS = {**_SHORT, **{f"{day}{s}": n for n, day in enumerate(_NAMES) for s in ("", "s")}}
_GROUPS = {
    "weekdays": range(5), "weekday": range(5), "weekends": (5, 6), "weekend": (5, 6), "daily": range(7),
    "everyday": range(7),
}  # fmt: skip
_NTH = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1,
}  # fmt: skip
_NOISE = frozenset({"open", "opening", "hours", "times", "time", "from", "between", "at", "on", "each",
    "every",
                    "the", "a", "is", "are", "we", "runs", "held", "meets", "meet"})  # fmt: skip
_TOKEN = re.compile(
    r"(?P<time>\d{1,2}(?:[:.]\d{2})?\s*(?:am\b|pm\b)|\d{1,2}[:.]\d{2}|(?:12\s*)?(?:noon|midday|midnight)\b)"
    r"|(?P<nth>1st|2nd|3rd|4th)\b|(?P<word>[a-z]+)|(?P<dash>-)|(?P<and>[,&+/])|(?P<end>[;\n.:|])|(?P<bare>\d{1,2})"
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def parse_hours(text: str) -> tuple[Opening, ...] | None:
    """The regular times the text speaks of; None where any of it is not certain.

    An empty tuple says that it is understood and there are none (`closed`).
    """
    try:
        tokens = _tokens(text)
        if not tokens:
            return None
        return _Parser(tokens).all()
    except Unclear:
        return None


def _tokens(text: str) -> list[_Token]:
    if len(text) > LONGEST:
        raise Unclear
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", text.lower().replace("\u00a0", " ")).replace("'s ", "s ")
    plain = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", plain)
    plain = re.sub(r"\b(?:to|till|until|til|through|thru)\b", "-", plain)
    plain = re.sub(r"\b(?:every day|7 days a week|seven days a week)\b", "daily", plain)
    found: list[_Token] = []
    at = 0
    while at < len(plain):
        if plain[at] in " \t\r":
            at += 1
            continue
        match = _TOKEN.match(plain, at)
        if match is None:
            raise Unclear
        at = match.end()
        found += _token(str(match.lastgroup), match[0].strip())
    while found and found[-1].kind == "end":
        found.pop()
    return found


def _token(kind: str, text: str) -> list[_Token]:
    if kind != "word":
        return [_Token(kind, text)]
    if text in _NOISE:
        return []
    if text in _DAY_WORDS:
        return [_Token("day", text)]
    if text in _GROUPS:
        return [_Token("group", text)]
    if text in _NTH:
        return [_Token("nth", text)]
    if text in ("and", "except", "excluding", "closed", "of", "month"):
        kinds = {"excluding": "except", "and": "and"}
        return [_Token(kinds.get(text, text), text)]
    raise Unclear


class _Parser:
    """days times, or times days, one after the other."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.clock = Clock.of(one.text for one in tokens if one.kind == "time")

    def all(self) -> tuple[Opening, ...]:
        found: list[Opening] = []
        spoken: set[str] = set()
        while self.at < len(self.tokens):
            if self._next() in ("end", "and"):
                self.at += 1
                continue
            days, hours = self._clause()
            # Said twice of one day, nobody knows which holds.
            if spoken & set(days):
                raise Unclear
            spoken |= set(days)
            found += [_opening(days, opens, closes) for opens, closes in hours]
        return tuple(found)

    def _clause(self) -> tuple[list[str], list[tuple[time, time]]]:
        if self._next() in ("time", "bare"):
            hours = self._hours()
            # Where no other times follow, days behind a comma can only be of these.
            after = {one.kind for one in self.tokens[self.at :]}
            if self._next() in ("and", "end") and "time" not in after:
                self.at += 1
            return self._days(), hours
        days = self._days()
        while self._next() in ("end", "dash", "and"):
            self.at += 1
        if self._next() == "closed":
            self.at += 1
            return days, []
        return days, self._hours()

    def _days(self) -> list[str]:
        if self._next() == "nth":
            return self._of_month()
        chosen = self._weekdays()
        if self._next() == "except":
            self.at += 1
            without = self._weekdays()
            if not set(without) < set(chosen):
                raise Unclear
            chosen = [day for day in chosen if day not in without]
        return [DAYS[day] for day in chosen]

    def _weekdays(self) -> list[int]:
        chosen: list[int] = []
        while True:
            if self._next() == "group":
                chosen += _GROUPS[self._take().text]
            elif self._next() == "day":
                chosen += self._span()
            else:
                raise Unclear
            if self._next() == "and" and self._next(1) in ("day", "group"):
                self.at += 1
                continue
            if len(set(chosen)) < len(chosen):
                raise Unclear
            return sorted(chosen)

    def _span(self) -> list[int]:
        first = _DAY_WORDS[self._take().text]
        if self._next() != "dash" or self._next(1) != "day":
            return [first]
        self.at += 1
        last = _DAY_WORDS[self._take().text]
        if last <= first:
            raise Unclear
        return list(range(first, last + 1))

    def _of_month(self) -> list[str]:
        turns = [_NTH[self._take().text]]
        while self._next() == "and" and self._next(1) == "nth":
            self.at += 1
            turns.append(_NTH[self._take().text])
        if self._next() != "day":
            raise Unclear
        day = DAYS[_DAY_WORDS[self._take().text]]
        if (self._next(), self._next(1)) != ("of", "month") or len(set(turns)) < len(turns):
            raise Unclear
        self.at += 2
        return [f"{turn}{day}" for turn in turns]

    def _hours(self) -> list[tuple[time, time]]:
        found = [self._range()]
        while self._next() == "and" and self._next(1) in ("time", "bare"):
            self.at += 1
            found.append(self._range())
        ends = [opens for opens, _ in found[1:]]
        if any(opens < closes for (_, closes), opens in zip(found, ends, strict=False)):
            raise Unclear
        return found

    def _range(self) -> tuple[time, time]:
        start = self._take("time", "bare")
        self._take("dash")
        return self.clock.between(start.text, self._take("time").text)

    def _next(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead].kind if self.at + ahead < len(self.tokens) else ""

    def _take(self, *kinds: str) -> _Token:
        if self.at >= len(self.tokens) or (kinds and self.tokens[self.at].kind not in kinds):
            raise Unclear
        self.at += 1
        return self.tokens[self.at - 1]


def _opening(days: list[str], opens: time, closes: time) -> Opening:
    monthly = days[0] not in DAYS
    freq = Frequency.MONTHLY if monthly else Frequency.WEEKLY
    return Opening(freq=freq, byday=",".join(days), opens_at=opens, closes_at=closes)
