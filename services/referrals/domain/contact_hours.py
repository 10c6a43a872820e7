"""Reads the hours somebody gave as safe: `Wed 14:00-16:00; weekdays after 6pm`. UK local time.

Parts are separated by `;` or `,`. A part is days, a time span, or both. What cannot be read for certain is
not read at all (None): a worker then reads the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS: dict[str, frozenset[int]] = {
    "weekdays": frozenset(range(5)),
    "weekday": frozenset(range(5)),
    "weekends": frozenset({5, 6}),
    "weekend": frozenset({5, 6}),
    "daily": frozenset(range(7)),
    "every day": frozenset(range(7)),
    "any day": frozenset(range(7)),
}
_DAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?"
)
_DAYS = re.compile(rf"^(?P<first>{_DAY})(?:\s*(?:-|–|to)\s*(?P<last>{_DAY}))?\b")
_TIME = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?"
_SPAN = re.compile(rf"{_TIME}\s*(?:-|–|to)\s*{_TIME}")
_EDGE = re.compile(rf"(after|from|before|until|till)\s+{_TIME}")


@dataclass(frozen=True)
class Window:
    """Days of the week (Monday is 0) and a span of local time, its end not included."""

    days: frozenset[int]
    opens: time
    closes: time

    def holds(self, weekday: int, moment: time) -> bool:
        """Whether this moment is inside; 00:00 as an end means midnight."""
        if weekday not in self.days or moment < self.opens:
            return False
        return self.closes == time(0, 0) or moment < self.closes


def read_hours(text: str) -> tuple[Window, ...] | None:
    """The windows these words mean, or None when any part of them cannot be read for certain."""
    parts = [part.strip().lower() for part in re.split(r"[;,]", text) if part.strip()]
    windows = [_read_part(part) for part in parts]
    known = tuple(window for window in windows if window is not None)
    return known if known and len(known) == len(parts) else None


def _read_part(part: str) -> Window | None:
    days, rest = _read_days(part)
    if days is None:
        return None
    span = _read_span(rest)
    return None if span is None else Window(days, *span)


def _read_days(part: str) -> tuple[frozenset[int] | None, str]:
    for words, days in _GROUPS.items():
        if part.startswith(words):
            return days, part[len(words) :].strip()
    found = _DAYS.match(part)
    if found:
        first = _DAY_NAMES.index(found["first"][:3])
        last = _DAY_NAMES.index(found["last"][:3]) if found["last"] else first
        length = (last - first) % 7 + 1
        return frozenset((first + step) % 7 for step in range(length)), part[found.end() :].strip()
    return (frozenset(range(7)), part) if part[:1].isdigit() or _EDGE.match(part) else (None, part)


def _read_span(rest: str) -> tuple[time, time] | None:
    if not rest:
        return time(0, 0), time(0, 0)
    edge = _EDGE.fullmatch(rest)
    if edge:
        moment = _time(edge[2], edge[3], edge[4])
        if moment is None:
            return None
        return (moment, time(0, 0)) if edge[1] in {"after", "from"} else (time(0, 0), moment)
    span = _SPAN.fullmatch(rest)
    if not span:
        return None
    closes = _time(span[4], span[5], span[6])
    opens = _time(span[1], span[2], span[3] or (span[6] if _same_half(span[1], span[4]) else None))
    if opens is None or closes is None or (closes <= opens and closes != time(0, 0)):
        return None
    return opens, closes


def _same_half(first: str, second: str) -> bool:
    """`2-4pm` means both in the afternoon; `10-2pm` does not."""
    return int(first) % 12 < int(second) % 12


def _time(hours: str, minutes: str | None, half: str | None) -> time | None:
    hour, minute = int(hours), int(minutes or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    # A bare "5" may be morning or afternoon: only a clock time with minutes, or am and pm, is certain.
    elif minutes is None:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None
