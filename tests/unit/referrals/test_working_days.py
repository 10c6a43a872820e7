"""When something is due: England's working days, London's clock, UTC stored."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.working_days import (
    NextActionDays,
    add_working_days,
    bank_holidays,
    end_of_day,
    end_of_working_day_after,
    is_working_day,
)

LONDON = ZoneInfo("Europe/London")
days = st.dates(date(2024, 1, 1), date(2027, 11, 30))


def test_the_file_has_eight_bank_holidays_for_each_year() -> None:
    for year in (2024, 2025, 2026, 2027):
        assert sum(day.year == year for day in bank_holidays()) == 8


def test_every_bank_holiday_falls_on_a_weekday_because_substitute_days_count() -> None:
    assert all(day.weekday() < 5 for day in bank_holidays())


@pytest.mark.parametrize(
    "day", [date(2026, 12, 28), date(2027, 12, 27), date(2027, 12, 28), date(2026, 4, 3), date(2026, 8, 31)]
)
def test_substitute_days_and_moving_feasts_are_no_working_days(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 23), 2, date(2026, 11, 25)),
        (date(2026, 11, 27), 2, date(2026, 12, 1)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 12, 24), 2, date(2026, 12, 30)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2027, 12, 24), 1, date(2027, 12, 29)),
        (date(2026, 11, 28), 0, date(2026, 11, 30)),
        (date(2026, 11, 27), 0, date(2026, 11, 27)),
    ],
)
def test_working_days_skip_weekends_and_bank_holidays(day: date, count: int, expected: date) -> None:
    assert add_working_days(day, count) == expected


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2026, 11, 23), -1)


def test_the_working_day_ends_at_five_in_london_in_winter_and_summer() -> None:
    assert end_of_day(date(2026, 11, 23)) == datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert end_of_day(date(2026, 7, 1)) == datetime(2026, 7, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # The clocks go forward on 29 March 2026 and back on 25 October 2026.
        (datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 3, 30, 16, tzinfo=UTC)),
        (datetime(2026, 10, 23, 12, tzinfo=UTC), datetime(2026, 10, 26, 17, tzinfo=UTC)),
    ],
)
def test_due_dates_are_right_across_both_clock_changes(at: datetime, expected: datetime) -> None:
    assert end_of_working_day_after(at, 1) == expected


def test_half_past_eleven_at_night_utc_in_summer_is_already_tomorrow_in_london() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert end_of_working_day_after(late, 1) == datetime(2026, 7, 3, 16, tzinfo=UTC)


def test_a_place_may_change_some_of_the_defaults() -> None:
    assert NextActionDays.of(None) == NextActionDays(received=2, accepted=5, asked=5)
    assert NextActionDays.of({"asked": 3}) == NextActionDays(received=2, accepted=5, asked=3)


@given(days, st.integers(0, 20))
def test_a_due_day_is_a_working_day_and_never_before_the_day_itself(day: date, count: int) -> None:
    due = add_working_days(day, count)
    assert is_working_day(due)
    assert due >= day
    between = sum(is_working_day(day + timedelta(days=n)) for n in range(1, (due - day).days + 1))
    assert between == count or (count == 0 and between == (0 if due == day else 1))


@given(days, st.integers(1, 15))
def test_one_more_working_day_is_always_later(day: date, count: int) -> None:
    assert add_working_days(day, count + 1) > add_working_days(day, count)


@given(st.integers(0, 3 * 365 * 24 * 60), st.integers(1, 10))
def test_a_due_moment_is_five_in_london_and_not_before_the_asking(minutes: int, count: int) -> None:
    at = datetime(2024, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
    due = end_of_working_day_after(at, count)
    assert due.utcoffset() == timedelta(0)
    assert due.astimezone(LONDON).time().hour == 17
    assert due > at
