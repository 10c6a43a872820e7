"""Late goes up a ladder: owner, lead, duty desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.ladder import Rung, rung_at

FRIDAY = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "rung", "alert_rung"),
    [
        (FRIDAY, Rung.NOBODY, Rung.NOBODY),
        (FRIDAY + timedelta(minutes=1), Rung.OWNER, Rung.LEAD),
        (FRIDAY + timedelta(days=2), Rung.OWNER, Rung.LEAD),
        (FRIDAY + timedelta(days=3), Rung.LEAD, Rung.DUTY_DESK),
        (FRIDAY + timedelta(days=4), Rung.LEAD, Rung.DUTY_DESK),
        (FRIDAY + timedelta(days=5), Rung.DUTY_DESK, Rung.DUTY_DESK),
    ],
)
def test_each_rung_comes_after_its_working_days(at: datetime, rung: Rung, alert_rung: Rung) -> None:
    assert rung_at(FRIDAY, at) is rung
    assert rung_at(FRIDAY, at, alert=True) is alert_rung


@given(st.timedeltas(timedelta(0), timedelta(days=30)), st.timedeltas(timedelta(0), timedelta(days=10)))
def test_nothing_comes_down_the_ladder_by_waiting_and_an_alert_is_never_lower(wait, longer) -> None:
    at = FRIDAY + wait
    assert rung_at(FRIDAY, at) <= rung_at(FRIDAY, at + longer)
    assert rung_at(FRIDAY, at) <= rung_at(FRIDAY, at, alert=True)
