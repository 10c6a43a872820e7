"""The life of a message, when to try again, and what later events make of news."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.overtaking import OVERTAKEN, UNDONE, Event, fate
from services.notifications.domain.retry import (
    LONGEST_OWN_SERVICE_PAUSE,
    LONGEST_PAUSE,
    MOST_TRIES,
    own_service_pause,
    pause,
)
from services.notifications.domain.rules import RULES
from services.notifications.domain.states import MOVES, State, Step, after, allow
from shared.errors import Conflict

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def news(type="referral.accepted.v1", id="news", minute=0, **more):
    return Event("/referrals", id, type, AT + timedelta(minutes=minute), **more)


@pytest.mark.parametrize("state", [State.DELIVERED, State.CANCELLED])
def test_what_is_over_stays_over(state):
    assert [step for (source, step) in MOVES if source is state] == []


def test_only_a_failed_message_is_sent_again():
    assert allow(Step.RETRY) == {State.FAILED}


def test_nothing_is_handed_over_that_was_not_taken_first():
    assert allow(Step.HAND_OVER) == {State.SENDING}


def test_a_step_that_is_not_in_the_table_is_a_conflict():
    with pytest.raises(Conflict, match="sent"):
        after(State.SENT, Step.RETRY)


@given(st.sampled_from(State), st.lists(st.sampled_from(Step)))
def test_every_walk_through_the_table_stays_inside_it(state, steps):
    for step in steps:
        if state in allow(step):
            state = after(state, step)
        else:
            with pytest.raises(Conflict):
                after(state, step)
    assert state in State


def test_tries_come_ever_less_often_up_to_an_hour_and_end():
    pauses = [pause(tries, 0.5) for tries in range(1, MOST_TRIES)]
    assert pauses[:4] == [timedelta(seconds=s) for s in (15, 30, 60, 120)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    assert timedelta(hours=24) < sum(pauses, timedelta()) < timedelta(hours=48)
    assert pause(MOST_TRIES, 0.5) is None


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_our_own_services_are_asked_for_ever_and_never_in_a_rush(tries, chance):
    assert timedelta(seconds=8) <= own_service_pause(tries, chance) <= LONGEST_OWN_SERVICE_PAUSE * 1.2


def test_news_that_nothing_touches_is_sent():
    assert fate(news(), [news(), news("referral.started.v1", "x", 1)], AT).cancel == ""


def test_undone_news_is_not_sent():
    undo = news("referral.undone.v1", "undo", 1, undoes="news")
    assert fate(news(), [undo], AT).cancel == UNDONE


def test_an_undo_of_another_source_means_nothing():
    undo = Event("/elsewhere", "undo", "referral.undone.v1", AT, undoes="news")
    assert fate(news(), [undo], AT).cancel == ""


def test_accepted_then_withdrawn_is_overtaken():
    assert (
        fate(news(), [news("referral.withdrawn.v1", "w", 1)], AT + timedelta(minutes=2)).cancel == OVERTAKEN
    )


def test_what_happened_before_overtakes_nothing():
    assert fate(news(minute=5), [news("referral.withdrawn.v1", "w", 1)], AT).cancel == ""


def test_news_waits_while_what_overtakes_it_may_be_undone():
    hold = timedelta(seconds=60)
    declined = news("referral.declined.v1", "d", 1, hold=hold)
    told = fate(news(), [declined], AT + timedelta(minutes=1))
    assert (told.cancel, told.wait_until) == ("", AT + timedelta(minutes=2))
    assert fate(news(), [declined], AT + timedelta(minutes=2)).cancel == OVERTAKEN
    undo = news("referral.undone.v1", "u", 1, undoes="d")
    assert fate(news(), [declined, undo], AT + timedelta(minutes=1)) == fate(news(), [], AT)


def test_two_of_a_kind_at_the_same_moment_do_not_silence_each_other():
    first, second = news("referral.reassigned.v1", "a"), news("referral.reassigned.v1", "b")
    assert fate(first, [first, second], AT).cancel == ""


@pytest.mark.parametrize("event_type", sorted(RULES))
def test_no_event_overtakes_one_that_no_rule_speaks_of(event_type):
    assert RULES[event_type].overtakes <= set(RULES)


def test_acts_that_can_be_undone_are_held_and_what_is_told_as_one_of_them():
    assert {rule.event for rule in RULES.values() if rule.hold} == {
        "referral.accepted.v1",
        "referral.declined.v1",
        "referral.completed.v1",
        "referral.failed.v1",
    }
