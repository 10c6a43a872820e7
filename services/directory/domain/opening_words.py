"""When a service is open, as a sentence: each schedule in words, and when it opens next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from services.directory.domain.documents import Opening
from services.directory.domain.listings import Frequency
from services.directory.domain.opening import DAYS, Hours, hours_of

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_COUNTS = {2: "other", 3: "third", 4: "fourth"}
_LOOK_AHEAD = 63


def sentence(one: Opening) -> str:
    """One schedule as people say it: "Every other Tuesday, 10am to noon, from 3 November 2026"."""
    found = _rule(one)
    if not found:
        return one.description or one.notes or _times(one)
    parts = [found, _times(one), *_bounds(one), one.description, one.notes]
    return ", ".join(part for part in parts if part)


def opens_next(schedules: Iterable[Opening], at: datetime) -> str:
    """Such as "Open now, until 4pm", or "Opens on Tuesday at 6pm"; empty where unsure. `at` is UK local."""
    hours = [hour for one in schedules for hour in hours_of(one)]
    minute, today = at.hour * 60 + at.minute, at.date()
    now = [hour for hour in hours if hour.opens <= minute < hour.closes and hour.on(today)]
    if now:
        return f"Open now, until {clock_words(_last(hours, today, max(hour.closes for hour in now)))}"
    for ahead in range(_LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        starts = [hour.opens for hour in hours if hour.on(day) and (ahead or hour.opens > minute)]
        if starts:
            return f"Opens {_day_words(day, today)} at {clock_words(min(starts))}"
    return ""


def clock_words(minute: int) -> str:
    """A minute of the day: "noon", "midnight", "6pm", "9:30am"."""
    hour, rest = divmod(minute % (24 * 60), 60)
    if rest == 0 and hour in (0, 12):
        return "noon" if hour else "midnight"
    return f"{hour % 12 or 12}{f':{rest:02d}' if rest else ''}{'am' if hour < 12 else 'pm'}"


def and_list(words: Sequence[str]) -> str:
    """As in "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _last(hours: Sequence[Hours], day: date, closes: int) -> int:
    # Hours that go on where others end, or through the night, are one.
    for hour in sorted(hours, key=lambda one: one.opens):
        if hour.opens <= closes < hour.closes and hour.on(day):
            closes = hour.closes
    if closes == 24 * 60:
        after = [h.closes for h in hours if h.opens == 0 and h.closes < 24 * 60 and h.on(day + timedelta(1))]
        closes = max(after, default=closes)
    return closes


def _day_words(day: date, today: date) -> str:
    if day == today:
        return "today"
    if (day - today).days < 7:
        return f"on {DAY_NAMES[day.weekday()]}"
    return f"on {DAY_NAMES[day.weekday()]} {_date_words(day)}"


def _date_words(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _days_of(one: Opening) -> list[tuple[int, str]]:
    found = re.findall(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", (one.byday or "").upper())
    return [(int(nth or 0), DAY_NAMES[DAYS.index(day)]) for nth, day in found]


def _rule(one: Opening) -> str:
    if one.freq == Frequency.MONTHLY:
        return _monthly(one)
    if one.freq != Frequency.WEEKLY:
        return ""
    days = [name for _, name in _days_of(one)]
    if not days and one.dtstart is not None:
        days = [DAY_NAMES[one.dtstart.weekday()]]
    if one.interval == 1 and len(days) == 7:
        return "Every day"
    every = "Every" if one.interval == 1 else f"Every {_COUNTS.get(one.interval, f'{one.interval} weeks on')}"
    return f"{every} {and_list(days)}" if days else ""


def _monthly(one: Opening) -> str:
    of = "of the month" if one.interval == 1 else f"of every {_COUNTS.get(one.interval, one.interval)} month"
    days = [f"the {_NTH[nth]} {name}" for nth, name in _days_of(one) if nth in _NTH]
    days += [
        _month_day(int(day)) for day in re.findall(r"-?\d+", one.bymonthday or "") if 1 <= abs(int(day)) <= 31
    ]
    said = f"{and_list(days)} {of}" if days else ""
    return said[:1].upper() + said[1:]


def _month_day(day: int) -> str:
    if day == -1:
        return "the last day"
    ending = "th" if 11 <= abs(day) <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(abs(day) % 10, "th")
    return f"the {day}{ending}" if day > 0 else f"day {-day} from the end"


def _times(one: Opening) -> str:
    if one.opens_at is None or one.closes_at is None:
        return f"from {clock_words(_minute(one.opens_at))}" if one.opens_at else ""
    return f"{clock_words(_minute(one.opens_at))} to {clock_words(_minute(one.closes_at))}"


def _bounds(one: Opening) -> list[str]:
    first = max((day for day in (one.dtstart, one.valid_from) if day), default=None)
    found = [f"from {_date_words(first)}"] if first else []
    return [*found, *([f"until {_date_words(one.valid_to)}"] if one.valid_to else [])]


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
