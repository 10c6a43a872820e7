"""Hours out of schedules."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.documents import Opening
from services.directory.domain.opening import DAYS, Hours, hours_of, open_at

TUESDAY = date(2026, 11, 24)
WEEKLY = Opening(freq="WEEKLY", byday="TU", opens_at=time(18), closes_at=time(20, 30))


def _open(schedule: Opening, day: date, at: time) -> bool:
    return open_at(hours_of(schedule), day, at.hour * 60 + at.minute)


def test_open_from_the_first_minute_up_to_the_last() -> None:
    assert not _open(WEEKLY, TUESDAY, time(17, 59))
    assert _open(WEEKLY, TUESDAY, time(18))
    assert _open(WEEKLY, TUESDAY, time(20, 29))
    assert not _open(WEEKLY, TUESDAY, time(20, 30))
    assert not _open(WEEKLY, TUESDAY + timedelta(days=1), time(18))


def test_a_night_goes_on_into_the_next_morning() -> None:
    night = Opening(freq="WEEKLY", byday="SU", opens_at=time(20), closes_at=time(6))
    sunday = date(2026, 11, 22)
    assert _open(night, sunday, time(23, 59))
    assert _open(night, sunday + timedelta(days=1), time(5, 59))
    assert not _open(night, sunday, time(5))
    assert not _open(night, sunday + timedelta(days=1), time(6))


def test_open_to_midnight_is_one_day() -> None:
    assert hours_of(Opening(freq="WEEKLY", byday="MO", opens_at=time(22), closes_at=time(0))) == [
        Hours(opens=22 * 60, closes=24 * 60, weekday=0)
    ]


def test_every_other_week_counts_from_its_first_day() -> None:
    other = Opening(
        freq="WEEKLY", interval=2, byday="TU", dtstart=TUESDAY, opens_at=time(10), closes_at=time(11)
    )
    assert _open(other, TUESDAY, time(10))
    assert not _open(other, TUESDAY + timedelta(days=7), time(10))
    assert _open(other, TUESDAY + timedelta(days=14), time(10))
    assert not _open(other, TUESDAY - timedelta(days=14), time(10))


def test_second_tuesday_last_friday_first_and_last_day_of_a_month() -> None:
    rule = {"freq": "MONTHLY", "opens_at": time(9), "closes_at": time(12)}
    assert _open(Opening(byday="2TU", **rule), date(2026, 11, 10), time(9))
    assert not _open(Opening(byday="2TU", **rule), TUESDAY, time(9))
    assert _open(Opening(byday="-1FR", **rule), date(2026, 11, 27), time(9))
    assert not _open(Opening(byday="-1FR", **rule), date(2026, 11, 20), time(9))
    ends = Opening(bymonthday="1,-1", **rule)
    assert [d for d in range(1, 31) if _open(ends, date(2026, 11, d), time(9))] == [1, 30]


def test_only_while_it_is_valid() -> None:
    term = Opening(
        freq="WEEKLY", byday="TU", opens_at=time(9), closes_at=time(10),
        valid_from=TUESDAY, valid_to=TUESDAY + timedelta(days=7),
    )  # fmt: skip
    days = [TUESDAY + timedelta(days=7 * n) for n in (-1, 0, 1, 2)]
    assert [_open(term, day, time(9)) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    "rule",
    [
        Opening(description="Ring to ask"),
        Opening(freq="WEEKLY", byday="TU"),
        Opening(freq="WEEKLY", byday="TU", opens_at=time(9), closes_at=time(9)),
        Opening(freq="WEEKLY", byday="soon", opens_at=time(9), closes_at=time(10)),
        Opening(freq="MONTHLY", byday="TU", opens_at=time(9), closes_at=time(10)),
        Opening(freq="WEEKLY", interval=2, byday="TU", opens_at=time(9), closes_at=time(10)),
        Opening(byday="TU", opens_at=time(9), closes_at=time(10)),
    ],
)
def test_what_cannot_be_worked_out_is_never_said_to_be_open(rule: Opening) -> None:
    assert hours_of(rule) == []


@st.composite
def rules(draw: st.DrawFn) -> Opening:
    monthly = draw(st.booleans())
    start = draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
    day = st.sampled_from(DAYS)
    nth = st.sampled_from(["1", "2", "3", "4", "5", "-1"])
    if monthly and draw(st.booleans()):
        numbers = draw(st.sets(st.sampled_from(["1", "7", "15", "29", "31", "-1"]), min_size=1))
        days = {"bymonthday": ",".join(sorted(numbers))}
    else:
        part = st.builds(str.__add__, nth if monthly else st.just(""), day)
        days = {"byday": ",".join(sorted(draw(st.sets(part, min_size=1, max_size=3))))}
    return Opening(
        freq="MONTHLY" if monthly else "WEEKLY", interval=draw(st.integers(1, 3)), dtstart=start,
        opens_at=time(9), closes_at=time(10), **days,
    )  # fmt: skip


@given(rules())
def test_the_days_are_those_of_rfc_5545(schedule: Opening) -> None:
    assert schedule.dtstart is not None
    first, last = schedule.dtstart, schedule.dtstart + timedelta(days=150)
    by = f"BYDAY={schedule.byday}" if schedule.byday else f"BYMONTHDAY={schedule.bymonthday}"
    rule = f"FREQ={schedule.freq};INTERVAL={schedule.interval};WKST=MO;{by}"
    standard = rrulestr(rule, dtstart=datetime.combine(first, time(9)))
    expected = {at.date() for at in standard.between(_at(first, 0), _at(last, 23), inc=True)}
    days = [first + timedelta(days=n) for n in range(151)]
    assert {day for day in days if open_at(hours_of(schedule), day, 9 * 60)} == expected


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour))
