"""Two times of a text about opening hours, read where they are certain: of the 12 or of the 24 hour clock.

Nobody says which clock they write by. `10:00 - 03:00` is found where three in the afternoon is meant, so a
clock of 24 hours is believed where some time can only be of it: an hour from 13, or 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

_DIGITS = re.compile(r"(\d{1,2})[:.](\d{2})")
_EARLIEST = time(8)
_EVENING = time(20)
_LATE = 22
_NIGHT_IS_OVER = time(6)


class Unclear(Exception):
    """Something in the text is not understood."""


@dataclass(frozen=True)
class Clock:
    """What the times of a text, together, say of the clock that it is written by."""

    of_24_hours: bool
    """Some time can only be of the 24 hour clock, and no half of the day is said."""
    goes_late: bool
    """By that clock, some time is at night from 10 or in the hour after midnight."""

    @classmethod
    def of(cls, times: Iterable[str]) -> Clock:
        """The clock of a text with these times."""
        said = list(times)
        hours = [int(match[1]) for one in said if (match := _DIGITS.fullmatch(one))]
        halves = any(re.search(r"[ap]m", one) for one in said)
        certain = not halves and any(hour > 12 or hour == 0 for hour in hours)
        return cls(certain, certain and any(hour >= _LATE or hour == 0 for hour in hours))

    def between(self, start: str, end: str) -> tuple[time, time]:
        """Both times, the half of the day of the first by that of the second. Raises Unclear."""
        opens, closes = _halved(start), _halved(end)
        if closes is None and opens is None:
            return self._of_the_day(start, end)
        if opens is None:
            opens = _borrowed(start, end)
        if opens is None or closes is None or opens == closes:
            raise Unclear
        night = re.search(r"[ap]m|night", start) and re.search(r"am", end)
        if closes < opens and not night and closes != time(0):
            raise Unclear
        return opens, closes

    def _of_the_day(self, start: str, end: str) -> tuple[time, time]:
        opens, closes = _of_24_hours(start), _of_24_hours(end)
        if opens == closes:
            raise Unclear
        # 9:00 - 13:00 says its clock itself; 01:30 - 03:30 says none, though its figures are two.
        two_figures = re.match(r"\d\d", start) and re.match(r"\d\d", end) and opens >= _EARLIEST
        if not (self.of_24_hours or two_figures or max(opens.hour, closes.hour) > 12 or closes == time(0)):
            raise Unclear
        night = closes <= _NIGHT_IS_OVER and (self.goes_late or opens >= _EVENING)
        if closes < opens and not night and closes != time(0):
            raise Unclear
        return opens, closes


def _borrowed(start: str, end: str) -> time | None:
    """`1 - 3pm` is from 1pm, `11 - 1pm` from 11am: the later half of the day that still comes before."""
    closes = _halved(end)
    tries = [_halved(f"{start}{half}") for half in ("pm", "am")]
    if closes is None or closes == time(0):
        return None
    return next((one for one in tries if one is not None and one < closes), None)


def _halved(text: str) -> time | None:
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
        raise Unclear
    return time(hour % 12 + (12 if match[3] == "p" else 0), minute)


def _of_24_hours(text: str) -> time:
    match = _DIGITS.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise Unclear
    return time(int(match[1]), int(match[2]))
