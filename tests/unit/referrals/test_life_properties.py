"""Whatever people do, in whatever order: nobody is lost and nothing comes back but by the rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.referrals.domain.advance import advance
from services.referrals.domain.life import Ending, Given, Life, RouteIn
from services.referrals.domain.moves import REOPEN_WITHIN, UNDO_WITHIN, available_actions
from services.referrals.domain.states import CLOSED, OPEN, Act, State
from shared.errors import Conflict, Invalid
from tests.builders.referral_life import (
    ALEX,
    CLIENT,
    COARSE_SENDER,
    DESK,
    LEAD,
    NOON,
    OTHER_TEAM,
    OTHER_WORKER,
    PERSON,
    SENDER,
    SYSTEM,
    TEAM,
    WORKER,
    a_life,
)

STANDINGS = (WORKER, OTHER_WORKER, LEAD, SENDER, COARSE_SENDER, PERSON, SYSTEM, DESK, CLIENT)

steps = st.tuples(
    st.sampled_from(list(Act)),
    st.sampled_from(STANDINGS),
    st.integers(min_value=0, max_value=40 * 24 * 3600) | st.integers(min_value=0, max_value=70),
    st.builds(
        Given,
        team_id=st.sampled_from([None, TEAM, OTHER_TEAM]),
        assignee_id=st.sampled_from([None, ALEX]),
        review_on=st.dates(date(2026, 11, 1), date(2028, 6, 1)),
        attempts=st.integers(0, 4),
        content=st.sampled_from(["", "one", "two"]),
    ),
)
starts = st.builds(
    a_life,
    st.sampled_from([State.RECEIVED, State.REQUESTED, State.ACCEPTED, State.ON_HOLD, State.COMPLETED]),
    routed=st.booleans(),
    route_in=st.sampled_from(list(RouteIn)),
    ending=st.sampled_from(list(Ending)),
)


def play(life: Life, plan: list[tuple[Act, object, int, Given]]) -> list[tuple[Act, datetime, Life, Life]]:
    done, at = [], NOON
    for act, standing, seconds, brought in plan:
        at += timedelta(seconds=seconds)
        offered = {action["act"] for action in available_actions(life, standing, at)}
        try:
            decision, new = advance(act, life, standing, at, given=brought)
        except (Conflict, Invalid):
            continue
        assert act.value in offered or not decision.changes, "what is done was on offer, or was already so"
        assert decision.changes or new == life
        done.append((act, at, life, new))
        life = new
    return done


@settings(deadline=None)
@given(starts, st.lists(steps, max_size=25))
def test_an_open_referral_always_has_an_owner_a_date_and_a_turn(life: Life, plan) -> None:
    for _act, _at, _old, new in play(life, plan):
        if new.state in OPEN:
            assert new.owner_team_id is not None
            assert new.next_action_at is not None
            assert new.closed_at is None
        elif new.state in CLOSED:
            assert new.closed_at is not None


@settings(deadline=None)
@given(starts, st.lists(steps, max_size=25))
def test_what_has_ended_comes_back_only_by_reopen_in_time_or_undo_at_once(life: Life, plan) -> None:
    for act, at, old, new in play(life, plan):
        if old.state in CLOSED and new.state in OPEN:
            assert act in {Act.REOPEN, Act.UNDO}
            assert old.state is not State.ENTERED_IN_ERROR
            limit = REOPEN_WITHIN if act is Act.REOPEN else UNDO_WITHIN
            assert old.closed_at is not None
            assert at - old.closed_at <= limit


@settings(deadline=None)
@given(starts, st.lists(steps, max_size=25))
def test_an_unrouted_referral_is_nobodys_until_a_team_is_chosen(life: Life, plan) -> None:
    for act, _at, old, new in play(life, plan):
        if not old.routed and old.state is State.RECEIVED:
            assert act is not Act.ACCEPT
        if not old.routed and new.routed:
            assert act in {Act.ROUTE, Act.REDIRECT}
