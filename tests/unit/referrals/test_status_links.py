"""How long a private link serves, and what it says of where a request is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.referrals.domain.reasons import DISCLOSING, Audience, DeclineReason, outside_wording
from services.referrals.domain.states import CLOSED, OPEN, State
from services.referrals.domain.status_links import can_change, serves, where_it_is

MADE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def days(number: int) -> datetime:
    return MADE + timedelta(days=number)


def test_a_link_serves_for_sixty_days() -> None:
    assert serves(MADE, None, None, days(60) - timedelta(seconds=1))
    assert not serves(MADE, None, None, days(60))


def test_a_link_serves_no_longer_than_28_days_after_the_end() -> None:
    assert serves(MADE, None, days(1), days(29) - timedelta(seconds=1))
    assert not serves(MADE, None, days(1), days(29))


def test_a_revoked_link_serves_no_more() -> None:
    assert not serves(MADE, days(1), None, days(2))


@pytest.mark.parametrize("state", sorted(OPEN | CLOSED))
def test_every_state_has_a_heading_and_a_sentence(state: State) -> None:
    heading, words = where_it_is(state, None)
    assert heading
    assert words.endswith(".")


def test_reasons_that_say_something_about_the_person_all_read_alike() -> None:
    said = {where_it_is(State.REJECTED, reason.value) for reason in DISCLOSING}
    assert said == {where_it_is(State.FAILED, None)} == {where_it_is(State.REJECTED, "other")}


@pytest.mark.parametrize("reason", list(DeclineReason))
def test_nobody_who_asked_for_themself_is_told_of_whoever_asked_for_them(reason: DeclineReason) -> None:
    assert "asked for you" not in outside_wording(reason, Audience.SELF)


def test_what_has_ended_cannot_be_changed() -> None:
    assert not any(can_change(state) for state in CLOSED)
    assert all(can_change(state) for state in OPEN)
