"""Opening hours in free text, parsed where the whole text is understood; else nothing is claimed.

Understood: days, spans and lists of days, `weekdays`, `daily`, `except Sundays`, the second Tuesday of the
month, times in the 12 or the 24 hour clock, several of these in a row, `closed`. Not understood, because it
is not certain: a time that could be morning or evening (`9-5`), fortnights (from when?), school holidays,
bank holidays, seasons, any word not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from services.directory.domain.documents import Opening
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


class _Unclear(Exception):
    """Something in the text is not understood."""


def parse_hours(text: str) -> tuple[Opening, ...] | None:
    """The regular times the text speaks of; None where any of it is not certain.

    An empty tuple says that it is understood and there are none (`closed`).
    """
    try:
        tokens = _tokens(text)
        if not tokens:
            return None
        return _Parser(tokens).all()
    except _Unclear:
        return None


def _tokens(text: str) -> list[_Token]:
    if len(text) > LONGEST:
        raise _Unclear
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
            raise _Unclear
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
    raise _Unclear


class _Parser:
    """days times, or times days, one after the other."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0

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
                raise _Unclear
            spoken |= set(days)
            found += [_opening(days, opens, closes) for opens, closes in hours]
        return tuple(found)

    def _clause(self) -> tuple[list[str], list[tuple[time, time]]]:
        if self._next() in ("time", "bare"):
            hours = self._hours()
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
                raise _Unclear
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
                raise _Unclear
            if self._next() == "and" and self._next(1) in ("day", "group"):
                self.at += 1
                continue
            if len(set(chosen)) < len(chosen):
                raise _Unclear
            return sorted(chosen)

    def _span(self) -> list[int]:
        first = _DAY_WORDS[self._take().text]
        if self._next() != "dash" or self._next(1) != "day":
            return [first]
        self.at += 1
        last = _DAY_WORDS[self._take().text]
        if last <= first:
            raise _Unclear
        return list(range(first, last + 1))

    def _of_month(self) -> list[str]:
        turns = [_NTH[self._take().text]]
        while self._next() == "and" and self._next(1) == "nth":
            self.at += 1
            turns.append(_NTH[self._take().text])
        if self._next() != "day":
            raise _Unclear
        day = DAYS[_DAY_WORDS[self._take().text]]
        if (self._next(), self._next(1)) != ("of", "month") or len(set(turns)) < len(turns):
            raise _Unclear
        self.at += 2
        return [f"{turn}{day}" for turn in turns]

    def _hours(self) -> list[tuple[time, time]]:
        found = [self._range()]
        while self._next() == "and" and self._next(1) in ("time", "bare"):
            self.at += 1
            found.append(self._range())
        ends = [opens for opens, _ in found[1:]]
        if any(opens < closes for (_, closes), opens in zip(found, ends, strict=False)):
            raise _Unclear
        return found

    def _range(self) -> tuple[time, time]:
        start = self._take("time", "bare")
        self._take("dash")
        return _between(start.text, self._take("time").text)

    def _next(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead].kind if self.at + ahead < len(self.tokens) else ""

    def _take(self, *kinds: str) -> _Token:
        if self.at >= len(self.tokens) or (kinds and self.tokens[self.at].kind not in kinds):
            raise _Unclear
        self.at += 1
        return self.tokens[self.at - 1]


def _between(start: str, end: str) -> tuple[time, time]:
    """Two times that are certain, the half of the day of the first by that of the second."""
    closes = _clock(end)
    opens = _clock(start)
    if closes is None and opens is None:
        opens, closes = _four_digits(start), _four_digits(end)
    elif opens is None:
        opens = _borrowed(start, end)
    if opens is None or closes is None or opens == closes:
        raise _Unclear
    night = re.search(r"[ap]m|night", start) and re.search(r"am", end)
    if closes < opens and not night and closes != time(0):
        raise _Unclear
    return opens, closes


def _borrowed(start: str, end: str) -> time | None:
    """`1 - 3pm` is from 1pm, `11 - 1pm` from 11am: the later half of the day that still comes before."""
    closes = _clock(end)
    tries = [_clock(f"{start}{half}") for half in ("pm", "am")]
    if closes is None or closes == time(0):
        return None
    return next((one for one in tries if one is not None and one < closes), None)


def _clock(text: str) -> time | None:
    """A time whose half of the day is said."""
    if "midnight" in text:
        return time(0)
    if "noon" in text or "midday" in text:
        return time(12)
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])m", text)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if not 1 <= hour <= 12 or minute > 59:
        raise _Unclear
    return time(hour % 12 + (12 if match[3] == "p" else 0), minute)


def _four_digits(text: str) -> time | None:
    """A time of the 24 hour clock, which has two digits on both sides."""
    match = re.fullmatch(r"(\d{2})[:.](\d{2})", text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return time(int(match[1]), int(match[2]))


def _opening(days: list[str], opens: time, closes: time) -> Opening:
    monthly = days[0] not in DAYS
    freq = Frequency.MONTHLY if monthly else Frequency.WEEKLY
    return Opening(freq=freq, byday=",".join(days), opens_at=opens, closes_at=closes)
