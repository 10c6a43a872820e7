"""Working days in England, and when the next action of a referral is due.

A working day is Monday to Friday and not one of England's bank holidays (`bank_holidays.json`, 2024 to
2027, substitute days included). Due means by the end of the UK working day, 17:00 in London, given in UTC:
16:00 UTC in summer and 17:00 UTC in winter, right across both clock changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
DAY_ENDS = time(17, 0)


@dataclass(frozen=True)
class NextActionDays:
    """A place's defaults, in working days: received (the team), accepted (the worker), asked (the sender)."""

    received: int = 2
    accepted: int = 5
    asked: int = 5

    @classmethod
    def of(cls, given: Mapping[str, int] | None) -> NextActionDays:
        """From a place's `next_action_days`; what it leaves out keeps its default."""
        told = given or {}
        return cls(
            received=int(told.get("received", cls.received)),
            accepted=int(told.get("accepted", cls.accepted)),
            asked=int(told.get("asked", cls.asked)),
        )


@cache
def bank_holidays() -> Mapping[date, str]:
    """England's bank holidays by day, with their names."""
    text = files(__package__).joinpath("bank_holidays.json").read_text(encoding="utf-8")
    return {date.fromisoformat(day): name for day, name in json.loads(text)["england"].items()}


def is_working_day(day: date) -> bool:
    """Monday to Friday and no bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays()


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`; with 0, `day` itself or the first working day after it."""
    if count < 0:
        raise ValueError("working days are counted forwards")
    while count > 0 or not is_working_day(day):
        day += timedelta(days=1)
        if is_working_day(day) and count > 0:
            count -= 1
    return day


def uk_day(at: datetime) -> date:
    """The calendar day in the UK at this moment."""
    return at.astimezone(UK).date()


def end_of_day(day: date) -> datetime:
    """17:00 in London on this very day, in UTC (a review date may be any day)."""
    return datetime.combine(day, DAY_ENDS, tzinfo=UK).astimezone(UTC)


def end_of_working_day_after(at: datetime, count: int) -> datetime:
    """The end of the `count`-th working day after the UK day of `at`, in UTC."""
    return end_of_day(add_working_days(uk_day(at), count))
