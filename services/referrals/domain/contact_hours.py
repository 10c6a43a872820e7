"""Reads the hours somebody gave as safe: `Wed 14:00-16:00; weekdays after 6pm`. UK local time.

Somebody may be harmed by a call at the wrong hour, so words are read only where nobody could read them
otherwise; for all else the answer is None and a worker reads the words. What is certain:

| written | read as |
|---|---|
| days alone, times alone, days and times in either order | just so |
| several days, then times (`Mon, Wed 2pm-4pm`) | the times hold for every one of the days |
| pairs, with or without `;` between (`Mon 9am-11am, Tue 2pm-4pm`) | each day with its own times |

Not certain: a word that is not in the tables below (`not`, `except`, `mornings`, a date); a day without times
beside one with times; `2-4`, `2:00-4:00` or `10:00-12:00` with nothing that says which half of the day; small
hours without `am`; `12am`; two of `after`, `before` and spans together; a span that ends before it begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

_MIDNIGHT = time(0, 0)
_EVERY_DAY = frozenset(range(7))
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS: dict[str, frozenset[int]] = {
    "weekday": frozenset(range(5)),
    "weekend": frozenset({5, 6}),
    "daily": _EVERY_DAY,
    "day": _EVERY_DAY,
}
_MARKS = str.maketrans({"–": "-", "—": "-", "‒": "-", "‑": "-", "‐": "-", "−": "-", "’": "'", "\n": ";"})

_DAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)(?:'?s)?\b\.?"
)
_TO = r"\s*(?:-|\bto\b|\btill?\b|\buntil\b)\s*"
_DAYS = re.compile(
    rf"(?:(?:on|every|each)\s+)?(?:(?P<first>{_DAY})(?:{_TO}(?P<last>{_DAY}))?"
    r"|(?P<group>weekday|weekend)s?\b|(?P<all>daily|(?:every|any|each)\s?day)\b)"
)
_CLOCK = r"(?:[0-9]{1,2}(?:[:.][0-9]{2})?(?:\s*[ap]\.?m\b\.?)?|noon|midday|midnight)(?![0-9a-z:])"
_SPAN = re.compile(
    rf"(?:(?P<between>between)\s+)?(?:from\s+)?(?P<opens>{_CLOCK})"
    rf"(?P<to>{_TO}|\s+and\s+)(?P<closes>{_CLOCK})"
)
_EDGE = re.compile(rf"(?:any\s?time\s+)?(?P<edge>after|from|before|until|till?)\s+(?P<moment>{_CLOCK})")
_ANY_TIME = re.compile(r"(?:at\s+)?any\s?time\b|all\s+day\b")
_JOIN = re.compile(r"\s*(?:,\s*(?:and|or)\b|[,&+/]|\band\b|\bor\b)\s*|\s+")
_READ_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?(?:\s*(?P<half>[ap])\.?m)?")
_SMALL_HOURS_END = 6
_WORDED = {"noon": time(12, 0), "midday": time(12, 0), "midnight": _MIDNIGHT}


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
        return self.closes == _MIDNIGHT or moment < self.closes


@dataclass(frozen=True)
class _Days:
    days: frozenset[int]


@dataclass(frozen=True)
class _Times:
    spans: tuple[tuple[time, time], ...]
    """More than one only where each is a span with two ends: "after 9 and before 5" is one, or two."""
    joins: bool


_Piece = _Days | _Times
ALL_DAY = (_MIDNIGHT, _MIDNIGHT)


def read_hours(text: str) -> tuple[Window, ...] | None:
    """The windows these words mean, or None when any part of them cannot be read for certain."""
    plain = " ".join(text.translate(_MARKS).lower().split()).strip(" .,;")
    clock24 = _shows_24(plain)
    found: list[tuple[Window, ...]] = []
    shapes: set[tuple[bool, bool]] = set()
    for part in (each.strip(" .,") for each in plain.split(";")):
        pieces = _pieces(part.removesuffix(" only"), clock24=clock24) if part else None
        windows = _windows(pieces) if pieces else None
        if not pieces or windows is None:
            return None
        found.append(windows)
        shapes.add((any(isinstance(p, _Days) for p in pieces), any(isinstance(p, _Times) for p in pieces)))
    # "Wed; 14:00-16:00" may be one window or two: where parts stand by themselves they have one shape.
    return tuple(window for windows in found for window in windows) if len(shapes) == 1 else None


def _pieces(part: str, *, clock24: bool) -> list[_Piece] | None:
    """Days and times in the order written, neighbours of one kind joined; None where a word is not known."""
    found: list[_Piece] = []
    at = 0
    while at < len(part):
        piece, end = _piece(part, at, clock24=clock24)
        if piece is None:
            return None
        last = found[-1] if found else None
        if isinstance(last, _Days) and isinstance(piece, _Days):
            found[-1] = _Days(last.days | piece.days)
        elif isinstance(last, _Times) and isinstance(piece, _Times):
            if not (last.joins and piece.joins):
                return None
            found[-1] = _Times(last.spans + piece.spans, joins=True)
        else:
            found.append(piece)
        at = end
        joined = _JOIN.match(part, at)
        if at < len(part) and (joined is None or joined.end() == len(part)):
            return None
        at = joined.end() if joined else at
    return found


def _piece(part: str, at: int, *, clock24: bool) -> tuple[_Piece | None, int]:
    if days := _DAYS.match(part, at):
        return _Days(_days(days)), days.end()
    if span := _SPAN.match(part, at):
        read = _span(span, clock24=clock24)
        return (_Times((read,), joins=True) if read else None), span.end()
    if edge := _EDGE.match(part, at):
        moment = _time(edge["moment"], clock24=clock24)
        if moment is None or moment == _MIDNIGHT:
            return None, edge.end()
        late = edge["edge"] in ("after", "from")
        return _Times(((moment, _MIDNIGHT) if late else (_MIDNIGHT, moment),), joins=False), edge.end()
    if always := _ANY_TIME.match(part, at):
        return _Times((ALL_DAY,), joins=False), always.end()
    return None, at


def _windows(pieces: Sequence[_Piece]) -> tuple[Window, ...] | None:
    """Days alone, times alone, or pairs of both in one order throughout."""
    if len(pieces) == 1:
        only = pieces[0]
        if isinstance(only, _Days):
            return (Window(only.days, *ALL_DAY),)
        return tuple(Window(_EVERY_DAY, *span) for span in only.spans)
    if len(pieces) % 2:
        return None
    made: list[Window] = []
    for one, other in list(pairwise(pieces))[::2]:
        days, times = (one, other) if isinstance(one, _Days) else (other, one)
        if not isinstance(days, _Days) or not isinstance(times, _Times):
            return None
        made += [Window(days.days, *span) for span in times.spans]
    return tuple(made)


def _days(found: re.Match[str]) -> frozenset[int]:
    if found["first"] is None:
        return _GROUPS[found["group"] or "day"]
    first = _DAY_NAMES.index(found["first"][:3])
    last = _DAY_NAMES.index(found["last"][:3]) if found["last"] else first
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))


def _span(found: re.Match[str], *, clock24: bool) -> tuple[time, time] | None:
    # "and" makes one span only after "between": "9am and 5pm" are two moments.
    if (found["to"].strip() == "and") != (found["between"] is not None):
        return None
    first, last = found["opens"], found["closes"]
    clock24 = clock24 or _shows_24(f"{first} {last}")
    closes = _time(last, clock24=clock24)
    opens = _time(first + _half_of(first, last), clock24=clock24)
    if opens is None or closes is None or (closes <= opens and closes != _MIDNIGHT):
        return None
    return None if opens == closes else (opens, closes)


def _half_of(first: str, last: str) -> str:
    """`2-4pm` means both in the afternoon; `10-2pm` does not."""
    one, other = _READ_CLOCK.fullmatch(first), _READ_CLOCK.match(last)
    if one is None or other is None or one["half"] or not other["half"]:
        return ""
    return f"{other['half']}m" if int(one["hour"]) % 12 < int(other["hour"]) % 12 else ""


def _time(written: str, *, clock24: bool) -> time | None:
    if written in _WORDED:
        return _WORDED[written]
    found = _READ_CLOCK.match(written)
    if found is None:
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half:
        # People write 12am for noon and for midnight.
        if not 1 <= hour <= 12 or (hour, half) == (12, "a"):
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    elif found["minute"] is None or not (clock24 or _shows_24(written)) or 1 <= hour < _SMALL_HOURS_END:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _shows_24(text: str) -> bool:
    """Whether this is on the 24-hour clock: some time in it shows that, and none speaks against it."""
    clocks = [match for match in _READ_CLOCK.finditer(text) if match["minute"]]
    shown = any(match["hour"].startswith("0") or int(match["hour"]) > 12 for match in clocks)
    return shown and not any(match["half"] for match in _READ_CLOCK.finditer(text))
