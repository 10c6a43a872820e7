"""How long somebody waits after failing to sign in, with time as an argument."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.lockout import (
    BY_ADDRESS,
    BY_PERSON,
    FORGET_AFTER,
    LONGEST_WAIT,
    Allowance,
    Count,
    counted,
    level_at,
    taken_back,
    wait_after,
    wait_left,
)
from services.directory.domain.sessions import PENDING_LIFE

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
allowances = st.sampled_from([BY_PERSON, BY_ADDRESS])
gaps = st.lists(st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=2)), max_size=80)


def failed(count: Count, allowance: Allowance, at: datetime) -> Count:
    return counted(count, allowance, at)[0]


def after_failures(number: int, allowance: Allowance, at: datetime = NOON) -> Count:
    count = Count(0.0, at)
    for _ in range(number):
        count = failed(count, allowance, at)
    return count


def seconds(failures: int) -> float:
    return wait_left(after_failures(failures, BY_PERSON), NOON).total_seconds()


def test_the_first_four_failures_bring_no_wait() -> None:
    assert [seconds(n) for n in range(1, 5)] == [0] * 4


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [seconds(n) for n in range(5, 12)] == [30, 60, 120, 240, 480, 900, 900]
    assert seconds(1000) == LONGEST_WAIT.total_seconds()


def test_a_network_address_is_given_more_tries_than_a_person() -> None:
    assert wait_after(49, BY_ADDRESS) is None
    assert wait_after(50, BY_ADDRESS) == timedelta(seconds=30)


def test_a_person_at_the_keyboard_waits_at_the_fifth_failure_however_slowly_they_type() -> None:
    count = Count(0.0, NOON)
    for n in range(5):
        count = failed(count, BY_PERSON, NOON + n * timedelta(minutes=1))
    assert wait_left(count, count.at) == timedelta(seconds=30)


def test_a_half_done_sign_in_outlives_the_longest_wait() -> None:
    assert PENDING_LIFE > LONGEST_WAIT


@given(allowances, gaps, st.timedeltas(min_value=timedelta(0), max_value=HOUR))
def test_a_try_that_was_right_leaves_no_trace(
    allowance: Allowance, before: list[timedelta], after: timedelta
) -> None:
    count, at = Count(0.0, NOON), NOON
    for gap in before:
        at += gap + wait_left(count, at)
        count = failed(count, allowance, at)
    at += after + wait_left(count, at)
    right = taken_back(*counted(count, allowance, at))
    assert right.level == pytest.approx(level_at(count, allowance, at))
    assert wait_left(right, at) == timedelta(0)


@given(allowances, st.lists(st.timedeltas(timedelta(0), HOUR), min_size=1, max_size=300))
def test_an_office_that_only_signs_in_rightly_never_waits(
    allowance: Allowance, arrivals: list[timedelta]
) -> None:
    count, at = Count(0.0, NOON), NOON
    for gap in arrivals:
        at += gap
        assert wait_left(count, at) == timedelta(0)
        count = taken_back(*counted(count, allowance, at))
    assert count.level == pytest.approx(0, abs=1e-9)


@given(allowances, gaps)
def test_no_wait_is_longer_than_the_longest_and_none_shortens_with_another_failure(
    allowance: Allowance, gaps: list[timedelta]
) -> None:
    count, at = Count(0.0, NOON), NOON
    for gap in gaps:
        at += gap
        if wait_left(count, at):
            continue
        now_failed, again = failed(count, allowance, at), failed(failed(count, allowance, at), allowance, at)
        assert wait_left(now_failed, at) <= wait_left(again, at) <= LONGEST_WAIT
        count = now_failed


@given(allowances, st.integers(1, 1000))
def test_everything_is_forgotten_after_twelve_quiet_hours_and_some_of_it_before(
    allowance: Allowance, failures: int
) -> None:
    count = after_failures(failures, allowance)
    assert level_at(count, allowance, NOON + FORGET_AFTER) == 0
    assert level_at(count, allowance, NOON + allowance.one_forgotten_in) == pytest.approx(count.level - 1)


@given(allowances, st.integers(0, 200), st.floats(0, 3600), st.floats(0, 3600))
def test_a_wait_only_runs_down(allowance: Allowance, failures: int, first: float, more: float) -> None:
    count = after_failures(failures, allowance)
    soon, later = NOON + first * SECOND, NOON + (first + more) * SECOND
    assert wait_left(count, later) <= wait_left(count, soon) <= LONGEST_WAIT
    assert wait_left(count, NOON + LONGEST_WAIT) == timedelta(0)


@given(allowances, st.integers(0, 100))
def test_a_wait_another_try_brought_is_not_taken_back(allowance: Allowance, failures: int) -> None:
    before = after_failures(failures, allowance)
    right, added = counted(before, allowance, NOON)
    wrong = failed(right, allowance, NOON + SECOND)
    if wrong.locked_until is not None:
        assert taken_back(wrong, added).locked_until == wrong.locked_until
