"""Working days and absences."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.working_pattern import Away, check_absence, days_words
from shared.errors import Conflict, Invalid

ME = uuid4()
TODAY = date(2026, 11, 22)
NEXT_WEEK = Away(date(2026, 11, 23), date(2026, 11, 27))


def pointers_of(wanted: Away) -> list[str]:
    with pytest.raises(Invalid) as refused:
        check_absence(wanted, [], worker_id=ME, on=TODAY)
    return [problem.pointer for problem in refused.value.errors]


def test_an_absence_of_some_days_is_taken() -> None:
    check_absence(NEXT_WEEK, [], worker_id=ME, on=TODAY)


def test_the_last_day_is_not_before_the_first() -> None:
    assert pointers_of(Away(date(2026, 11, 27), date(2026, 11, 23))) == ["/to"]


def test_an_absence_that_is_over_is_not_written_down() -> None:
    assert pointers_of(Away(date(2026, 11, 1), date(2026, 11, 21))) == ["/to"]


def test_an_absence_of_more_than_two_years_is_refused() -> None:
    assert pointers_of(Away(TODAY, date(2029, 1, 1))) == ["/to"]


def test_nobody_covers_for_themself() -> None:
    assert pointers_of(Away(TODAY, TODAY, ME)) == ["/cover_id"]


def test_days_that_are_written_down_are_not_written_down_again() -> None:
    with pytest.raises(Conflict):
        check_absence(Away(date(2026, 11, 27), date(2026, 12, 1)), [NEXT_WEEK], worker_id=ME, on=TODAY)
    check_absence(Away(date(2026, 11, 28), date(2026, 12, 1)), [NEXT_WEEK], worker_id=ME, on=TODAY)


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(DAYS, DAYS, DAYS, DAYS)
def test_two_absences_overlap_exactly_when_they_share_a_day(a: date, b: date, c: date, d: date) -> None:
    one, other = Away(min(a, b), max(a, b)), Away(min(c, d), max(c, d))
    shared = any(
        one.holds(date.fromordinal(day)) and other.holds(date.fromordinal(day))
        for day in range(date(2026, 1, 1).toordinal(), date(2026, 3, 2).toordinal())
    )
    assert one.overlaps(other) == other.overlaps(one) == shared


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "Not said"),
        ([2], "Wednesday"),
        ([0, 1], "Monday and Tuesday"),
        ([0, 1, 2, 3], "Monday to Thursday"),
        ([4, 0, 2], "Monday, Wednesday and Friday"),
        (range(7), "Every day"),
    ],
)
def test_working_days_read_in_words(days: list[int], words: str) -> None:
    assert days_words(days) == words
