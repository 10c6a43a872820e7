"""Hours out of schedules: RFC 5545 as far as HSDS takes it, unrolled so that a search can ask by the minute.

A rule that cannot be worked out (no day, no time, a counting interval without a first day) gives no hours: it
is shown in its own words and never claimed to be open.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from services.directory.domain.documents import Opening
from services.directory.domain.listings import Frequency

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
A_DAY = 24 * 60
_BYDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_MONTH_DAY = re.compile(r"-?(?:[1-9]|[12][0-9]|3[01])")


@dataclass(frozen=True)
class Hours:
    """Open from minute `opens` up to but not including `closes` of a local day.

    Either every `weekday` (Monday = 0), only the `nth` of a month where given (-1 the last), or every
    `month_day` (-1 the last day). `every` counts weeks or months from `anchor`.
    """

    opens: int
    closes: int
    weekday: int | None = None
    nth: int | None = None
    month_day: int | None = None
    every: int = 1
    anchor: date | None = None
    first_on: date | None = None
    last_on: date | None = None

    def on(self, day: date) -> bool:
        """Whether it holds on this day."""
        if (self.first_on and day < self.first_on) or (self.last_on and day > self.last_on):
            return False
        return self._right_day(day) and self._right_turn(day)

    def _right_day(self, day: date) -> bool:
        last = monthrange(day.year, day.month)[1]
        if self.month_day is not None:
            return self.month_day in (day.day, day.day - last - 1)
        if day.weekday() != self.weekday:
            return False
        return self.nth is None or self.nth == (day.day + 6) // 7 or (self.nth == -1 and day.day + 7 > last)

    def _right_turn(self, day: date) -> bool:
        if self.every == 1 or self.anchor is None:
            return True
        if self.nth is not None or self.month_day is not None:
            months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
            return months >= 0 and months % self.every == 0
        weeks = (day.toordinal() - 1) // 7 - (self.anchor.toordinal() - 1) // 7
        return weeks >= 0 and weeks % self.every == 0


def hours_of(schedule: Opening) -> list[Hours]:
    """The hours of one schedule; empty where its rule cannot be worked out."""
    if schedule.opens_at is None or schedule.closes_at is None or schedule.opens_at == schedule.closes_at:
        return []
    if schedule.interval != 1 and schedule.dtstart is None:
        return []
    starts = [day for day in (schedule.dtstart, schedule.valid_from) if day is not None]
    found = []
    for weekday, nth, month_day in _days(schedule):
        for day_after, opens, closes in _parts(schedule.opens_at, schedule.closes_at):
            if day_after and (nth is not None or month_day is not None):
                # The morning after the second Tuesday is no such day of a month: the evening alone is said.
                continue
            found.append(
                Hours(
                    opens=opens,
                    closes=closes,
                    weekday=None if weekday is None else (weekday + day_after) % 7,
                    nth=nth,
                    month_day=month_day,
                    every=schedule.interval,
                    anchor=schedule.dtstart,
                    first_on=max(starts, default=None),
                    last_on=schedule.valid_to,
                )
            )
    return found


def open_at(hours: Iterable[Hours], day: date, minute: int) -> bool:
    """Whether any of these hold at this minute of this local day."""
    return any(one.opens <= minute < one.closes and one.on(day) for one in hours)


def _days(schedule: Opening) -> Iterator[tuple[int | None, int | None, int | None]]:
    if schedule.freq == Frequency.MONTHLY and schedule.bymonthday:
        for part in _split(schedule.bymonthday):
            if _MONTH_DAY.fullmatch(part):
                yield None, None, int(part)
    for part in _split(schedule.byday or _first_day(schedule)):
        match = _BYDAY.fullmatch(part)
        if match is None:
            continue
        nth = int(match[1]) if match[1] else None
        if schedule.freq == Frequency.MONTHLY and (nth is None or nth < -1):
            continue
        if schedule.freq == Frequency.WEEKLY and nth is not None:
            continue
        if schedule.freq in (Frequency.WEEKLY, Frequency.MONTHLY):
            yield DAYS.index(match[2]), nth, None


def _first_day(schedule: Opening) -> str:
    # RFC 5545: without BYDAY a weekly rule is on the weekday of its first day.
    if schedule.freq == Frequency.WEEKLY and schedule.dtstart is not None:
        return DAYS[schedule.dtstart.weekday()]
    return ""


def _parts(opens: time, closes: time) -> list[tuple[int, int, int]]:
    """(0 for the day itself, 1 for the next, opens, closes): a night is two."""
    start, end = _minute(opens), _minute(closes)
    marks = [start, end] if start < end else [start, A_DAY, A_DAY + end]
    return [(a // A_DAY, a % A_DAY, b - a // A_DAY * A_DAY) for a, b in pairwise(marks) if a < b]


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _split(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,;]+", text.strip().upper()) if part]
