"""What may be done now, by whom, and what it leaves behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.referrals.domain.advance import advance
from services.referrals.domain.life import EndedBy, Ending, Given, NextBy, RouteIn, Standing, who_may_end
from services.referrals.domain.moves import available_actions, decide
from services.referrals.domain.states import Act, State, Who
from services.referrals.domain.working_days import NextActionDays
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
    PAT,
    PERSON,
    SAM,
    SENDER,
    SYSTEM,
    TEAM,
    WORKER,
    a_life,
    after,
)


def acts(life, standing, at=NOON) -> set[str]:
    return {action["act"] for action in available_actions(life, standing, at)}


def test_a_worker_of_the_team_may_accept_pass_back_ask_and_pass_on_what_was_received() -> None:
    assert acts(a_life(), WORKER) == {"accept", "decline", "ask", "redirect"}


def test_a_button_comes_with_its_label_and_the_fields_it_needs() -> None:
    actions = {action["act"]: action for action in available_actions(a_life(), WORKER, NOON)}
    assert actions["decline"] == {"act": "decline", "label": "Pass back", "needs": ["reason"]}
    assert actions["accept"]["needs"] == []


def test_a_system_that_accepts_must_name_the_worker() -> None:
    actions = {action["act"]: action for action in available_actions(a_life(), CLIENT, NOON)}
    assert actions["accept"]["needs"] == ["assignee_id"]
    with pytest.raises(Invalid) as refused:
        decide(Act.ACCEPT, a_life(), CLIENT, NOON)
    assert [problem.pointer for problem in refused.value.errors] == ["/assignee_id"]


def test_a_sender_may_not_accept_and_is_told_what_it_may_do() -> None:
    with pytest.raises(Conflict) as refused:
        decide(Act.ACCEPT, a_life(), SENDER, NOON)
    assert {action["act"] for action in refused.value.extra["available_actions"]} == {"withdraw", "void"}


def test_somebody_with_no_part_may_do_nothing() -> None:
    assert available_actions(a_life(), Standing(PAT), NOON) == []


def test_accepting_makes_the_worker_the_assignee_and_gives_five_working_days() -> None:
    life = after(a_life(), Act.ACCEPT, WORKER)
    assert (life.state, life.assignee_id, life.owner_team_id) == (State.ACCEPTED, SAM, TEAM)
    assert life.next_action_at == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_a_place_may_set_its_own_next_action_days() -> None:
    life = advance(Act.ACCEPT, a_life(), WORKER, NOON, days=NextActionDays.of({"accepted": 1}))[1]
    assert life.next_action_at == datetime(2026, 11, 24, 17, tzinfo=UTC)


def test_a_lead_may_do_whatever_a_worker_may_and_reassign_too() -> None:
    accepted = a_life(State.ACCEPTED, assignee_id=SAM)
    assert acts(accepted, WORKER) < acts(accepted, LEAD)
    assert after(accepted, Act.REASSIGN, LEAD, assignee_id=ALEX).assignee_id == ALEX


def test_accepting_twice_changes_nothing() -> None:
    once = after(a_life(), Act.ACCEPT, WORKER)
    decision, twice = advance(Act.ACCEPT, once, WORKER, NOON + timedelta(minutes=5))
    assert not decision.changes
    assert twice == once


def test_accepting_twice_changes_nothing_even_after_a_question_was_asked() -> None:
    asked = after(after(a_life(), Act.ACCEPT, WORKER), Act.ASK, WORKER, content="Which floor?")
    assert not decide(Act.ACCEPT, asked, WORKER, NOON).changes


def test_accepting_what_another_accepted_names_them_to_those_who_may_know() -> None:
    taken = after(a_life(), Act.ACCEPT, WORKER, by_name="Sam Example")
    with pytest.raises(Conflict, match="Sam Example has already done this, at 12:00 on 23 November 2026"):
        decide(Act.ACCEPT, taken, OTHER_WORKER, NOON)


def test_a_conflict_does_not_name_anybody_to_those_who_may_not_know() -> None:
    taken = after(a_life(), Act.ACCEPT, WORKER, by_name="Sam Example")
    with pytest.raises(Conflict, match="Somebody else has already done this") as refused:
        decide(Act.ACCEPT, taken, CLIENT, NOON)
    assert "Sam" not in refused.value.detail


def test_the_same_question_by_the_same_worker_is_asked_once_and_another_one_again() -> None:
    asked = after(a_life(), Act.ASK, WORKER, content="Which floor?")
    assert not decide(Act.ASK, asked, WORKER, NOON, Given(content="Which floor?")).changes
    assert decide(Act.ASK, asked, WORKER, NOON, Given(content="Is there a lift?")).changes
    assert decide(Act.ASK, asked, OTHER_WORKER, NOON, Given(content="Which floor?")).changes


def test_a_declined_referral_cannot_be_accepted() -> None:
    declined = after(a_life(), Act.DECLINE, WORKER)
    assert declined.state is State.REJECTED
    with pytest.raises(Conflict, match="this referral has ended"):
        decide(Act.ACCEPT, declined, WORKER, NOON)


def test_an_introduction_to_people_who_walk_alongside_is_never_passed_back() -> None:
    introduced = a_life(route_in=RouteIn.INTRODUCTION, ending=Ending.BY_PERSON)
    assert "decline" not in acts(introduced, WORKER)
    with pytest.raises(Conflict, match="not passed back"):
        decide(Act.DECLINE, introduced, WORKER, NOON)


@pytest.mark.parametrize(
    ("route", "ending"),
    [(RouteIn.PROFESSIONAL, Ending.BY_PERSON), (RouteIn.INTRODUCTION, Ending.BY_WORKER)],
)
def test_other_routes_and_endings_may_be_passed_back(route: RouteIn, ending: Ending) -> None:
    assert "decline" in acts(a_life(route_in=route, ending=ending), WORKER)


def test_where_people_end_it_themselves_no_worker_ends_it() -> None:
    assert EndedBy.WORKER not in who_may_end(Ending.BY_PERSON)
    assert EndedBy.PERSON in who_may_end(Ending.BY_PERSON)
    assert set(who_may_end(Ending.BY_WORKER)) == set(EndedBy)


def test_asking_hands_the_next_action_to_the_sender_and_keeps_the_owner() -> None:
    asked = after(a_life(), Act.ASK, WORKER, content="Which floor?")
    assert (asked.state, asked.owner_team_id, asked.next_action_by) == (State.RECEIVED, TEAM, NextBy.SENDER)
    assert asked.next_action_at == datetime(2026, 11, 30, 17, tzinfo=UTC)
    answered = after(asked, Act.ANSWER, SENDER, content="The second.")
    assert (answered.next_action_by, answered.question_open) == (NextBy.TEAM, False)


def test_an_answer_without_a_question_is_refused() -> None:
    assert "answer" not in acts(a_life(), SENDER)
    with pytest.raises(Conflict, match="No question is waiting"):
        decide(Act.ANSWER, a_life(), SENDER, NOON)


def test_an_answer_while_on_hold_keeps_the_review_date() -> None:
    held = a_life(State.ON_HOLD, review_on=date(2027, 1, 11), question_open=True)
    assert after(held, Act.ANSWER, SENDER, content="Yes").next_action_at == datetime(
        2027, 1, 11, 17, tzinfo=UTC
    )


@pytest.mark.parametrize("source", [State.ACCEPTED, State.IN_PROGRESS])
def test_resuming_returns_to_the_state_it_was_held_from(source: State) -> None:
    held = after(a_life(source), Act.HOLD, WORKER, review_on=date(2026, 12, 14))
    assert (held.state, held.next_action_at) == (State.ON_HOLD, datetime(2026, 12, 14, 17, tzinfo=UTC))
    resumed = after(held, Act.RESUME, WORKER)
    assert (resumed.state, resumed.held_from, resumed.review_on) == (source, None, None)


@pytest.mark.parametrize("review_on", [None, date(2026, 11, 23), date(2026, 11, 1), date(2028, 1, 1)])
def test_a_hold_needs_a_review_date_after_today_and_within_a_year(review_on: date | None) -> None:
    with pytest.raises(Invalid) as refused:
        decide(Act.HOLD, a_life(State.ACCEPTED), WORKER, NOON, Given(review_on=review_on))
    assert refused.value.errors[0].pointer == "/review_on"


def test_they_will_ring_me_months_off_is_a_hold_and_not_late() -> None:
    held = after(a_life(State.IN_PROGRESS), Act.HOLD, WORKER, review_on=date(2027, 5, 28))
    assert held.next_action_at == datetime(2027, 5, 28, 16, tzinfo=UTC)


def test_could_not_reach_them_needs_the_attempts_the_policy_asks_for() -> None:
    life = a_life(State.ACCEPTED, attempts_made=1, attempts_needed=3)
    with pytest.raises(Conflict, match="tries 3 times before saying so; 2 recorded so far"):
        decide(Act.FAIL, life, WORKER, NOON, Given(attempts=1))
    failed = after(life, Act.FAIL, WORKER, attempts=2)
    assert (failed.state, failed.attempts_made) == (State.FAILED, 3)


def test_a_sender_may_void_within_a_day_and_before_first_contact() -> None:
    assert "void" in acts(a_life(), SENDER)
    assert "void" not in acts(a_life(), SENDER, NOON + timedelta(hours=23, seconds=1))
    assert "void" not in acts(a_life(State.IN_PROGRESS, first_contact_at=NOON), SENDER)


def test_a_lead_may_void_at_any_time() -> None:
    late = NOON + timedelta(days=400)
    assert after(a_life(State.COMPLETED), Act.VOID, LEAD, late).state is State.ENTERED_IN_ERROR


def test_nothing_may_be_done_to_what_was_entered_in_error() -> None:
    for standing in (WORKER, LEAD, SENDER, PERSON, SYSTEM, DESK):
        assert acts(a_life(State.ENTERED_IN_ERROR), standing) == set()


def test_a_coarse_sender_sees_the_same_buttons_before_and_after_first_contact() -> None:
    before = acts(a_life(), COARSE_SENDER)
    assert before == {"withdraw"}
    for state in (State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD):
        assert acts(a_life(state, first_contact_at=NOON), COARSE_SENDER) == before


@pytest.mark.parametrize("act", [Act.VOID, Act.ANSWER, Act.ACCEPT, Act.RESUME])
def test_a_refusal_to_a_coarse_sender_says_nothing_about_the_state(act: Act) -> None:
    told = set()
    for state in (State.RECEIVED, State.IN_PROGRESS):
        with pytest.raises(Conflict) as refused:
            decide(act, a_life(state, first_contact_at=NOON), COARSE_SENDER, NOON)
        told.add(refused.value.detail)
    assert told == {"That cannot be done as things stand."}


@pytest.mark.parametrize("state", [State.COMPLETED, State.REJECTED, State.FAILED, State.CANCELLED])
def test_what_ended_may_be_opened_again_within_28_days(state: State) -> None:
    closed_at = NOON - timedelta(days=28)
    opened = after(a_life(state, closed_at=closed_at, assignee_id=SAM), Act.REOPEN, WORKER)
    assert (opened.state, opened.closed_at, opened.assignee_id) == (State.RECEIVED, None, None)
    with pytest.raises(Conflict, match="more than 28 days ago"):
        decide(Act.REOPEN, a_life(state, closed_at=closed_at - timedelta(seconds=1)), WORKER, NOON)


def test_unrouted_is_routed_by_the_duty_desk_and_not_accepted_before() -> None:
    unrouted = a_life(routed=False)
    assert {"route", "redirect"} <= acts(unrouted, DESK)
    assert "accept" not in acts(unrouted, DESK)
    routed = after(unrouted, Act.ROUTE, DESK, team_id=OTHER_TEAM)
    assert (routed.routed, routed.owner_team_id) == (True, OTHER_TEAM)
    with pytest.raises(Conflict, match="pass it on instead"):
        decide(Act.ROUTE, routed, DESK, NOON, Given(team_id=TEAM))


@pytest.mark.parametrize("act", [Act.REDIRECT, Act.ROUTE])
def test_passing_on_needs_a_team(act: Act) -> None:
    with pytest.raises(Invalid) as refused:
        decide(act, a_life(routed=act is not Act.ROUTE), DESK, NOON)
    assert refused.value.errors[0].pointer == "/team_id"


def test_passing_on_gives_it_to_the_other_team_as_received() -> None:
    passed = after(a_life(State.IN_PROGRESS, assignee_id=SAM), Act.REDIRECT, WORKER, team_id=OTHER_TEAM)
    assert (passed.state, passed.owner_team_id, passed.assignee_id) == (State.RECEIVED, OTHER_TEAM, None)


def test_giving_back_leaves_the_team_as_owner_and_nobody_as_assignee() -> None:
    released = after(a_life(State.ON_HOLD, assignee_id=SAM, review_on=date(2027, 1, 4)), Act.RELEASE, WORKER)
    assert (released.state, released.owner_team_id, released.assignee_id) == (State.RECEIVED, TEAM, None)
    far = a_life(State.ON_HOLD, assignee_id=SAM, next_action_at=datetime(2027, 1, 4, 17, tzinfo=UTC))
    assert after(far, Act.RELEASE, WORKER).next_action_at == datetime(2026, 11, 25, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("act", "standing", "given"),
    [
        (Act.RELEASE, WORKER, {}),
        (Act.REDIRECT, WORKER, {"team_id": OTHER_TEAM}),
        (Act.ESCALATE, SYSTEM, {"team_id": OTHER_TEAM}),
    ],
)
def test_changing_hands_does_not_put_off_what_was_due(act: Act, standing: Standing, given: dict) -> None:
    due = NOON - timedelta(days=1)
    held = a_life(State.ACCEPTED, assignee_id=SAM, next_action_at=due)
    assert after(held, act, standing, **given).next_action_at == due


def test_choosing_a_team_late_does_not_put_off_what_was_due() -> None:
    due = NOON - timedelta(days=1)
    assert (
        after(a_life(routed=False, next_action_at=due), Act.ROUTE, DESK, team_id=OTHER_TEAM).next_action_at
        == due
    )


def test_accepting_an_alert_does_not_put_off_the_day_it_was_to_be_looked_into() -> None:
    due = NOON + timedelta(hours=5)
    assert after(a_life(alert=True, next_action_at=due), Act.ACCEPT, WORKER).next_action_at == due


def test_passing_on_to_the_team_that_has_it_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        decide(Act.REDIRECT, a_life(), WORKER, NOON, Given(team_id=TEAM))
    assert refused.value.errors[0].pointer == "/team_id"


def test_what_came_up_to_the_desk_can_be_given_another_team_by_it() -> None:
    late = a_life(escalated=True)
    assert "route" in acts(late, DESK)
    assert after(late, Act.ROUTE, DESK, team_id=OTHER_TEAM).owner_team_id == OTHER_TEAM


@pytest.mark.parametrize(
    ("act", "standing", "to_desk"), [(Act.ESCALATE, SYSTEM, False), (Act.REDIRECT, WORKER, True)]
)
def test_what_is_given_to_a_desk_is_nobodys_until_a_team_is_chosen(act, standing, to_desk) -> None:
    helped = a_life(State.IN_PROGRESS, assignee_id=SAM)
    given = after(helped, act, standing, team_id=OTHER_TEAM, to_desk=to_desk)
    assert (given.state, given.routed, given.assignee_id) == (State.RECEIVED, False, None)
    assert "accept" not in acts(given, DESK)


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.DECLINE])
def test_accepting_or_passing_back_can_be_undone_within_60_seconds(act: Act) -> None:
    before = a_life()
    done = after(before, act, WORKER)
    undone = after(done, Act.UNDO, WORKER, NOON + timedelta(seconds=60))
    assert (undone.state, undone.assignee_id, undone.next_action_at) == (
        State.RECEIVED,
        None,
        before.next_action_at,
    )
    assert undone.closed_at is None
    with pytest.raises(Conflict, match="60 seconds"):
        decide(Act.UNDO, done, WORKER, NOON + timedelta(seconds=61))


def test_undoing_a_completion_returns_to_hold_with_its_review_date() -> None:
    held = a_life(State.ON_HOLD, assignee_id=SAM, review_on=date(2026, 12, 14))
    undone = after(after(held, Act.COMPLETE, WORKER), Act.UNDO, WORKER)
    assert (undone.state, undone.assignee_id, undone.review_on) == (State.ON_HOLD, SAM, date(2026, 12, 14))
    assert after(undone, Act.RESUME, WORKER).state is State.IN_PROGRESS


def test_only_whoever_did_it_can_undo_it() -> None:
    done = after(a_life(), Act.ACCEPT, WORKER)
    assert "undo" not in acts(done, OTHER_WORKER)
    assert "undo" in acts(done, WORKER)


def test_undoing_twice_changes_nothing() -> None:
    accepted = after(a_life(), Act.ACCEPT, WORKER)
    undone = after(after(accepted, Act.DECLINE, WORKER), Act.UNDO, WORKER)
    assert undone.state is State.ACCEPTED
    assert not decide(Act.UNDO, undone, WORKER, NOON).changes


def test_starting_is_not_undoable() -> None:
    started = after(a_life(State.ACCEPTED), Act.START, WORKER)
    assert started.first_contact_at == NOON
    assert "undo" not in acts(started, WORKER)


def test_the_person_may_withdraw_at_any_time_while_it_is_open() -> None:
    for state in (State.REQUESTED, State.RECEIVED, State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD):
        assert after(a_life(state), Act.WITHDRAW, PERSON).state is State.CANCELLED


def test_a_draft_is_sent_to_an_owner_and_received_by_the_system() -> None:
    draft = a_life(State.DRAFT, owner_team_id=None, submitted_at=None)
    sent = after(draft, Act.SUBMIT, SENDER, team_id=TEAM)
    assert (sent.state, sent.owner_team_id, sent.submitted_at) == (State.REQUESTED, TEAM, NOON)
    received = after(sent, Act.RECEIVE, SYSTEM)
    assert received.state is State.RECEIVED
    assert received.next_action_at == datetime(2026, 11, 25, 17, tzinfo=UTC)


def test_an_open_referral_without_owner_or_date_cannot_exist() -> None:
    with pytest.raises(ValueError, match="an owner and a next action"):
        a_life(owner_team_id=None)
    with pytest.raises(ValueError, match="an owner and a next action"):
        a_life(next_action_at=None)


def test_a_next_action_date_in_the_past_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        decide(Act.ACCEPT, a_life(), WORKER, NOON, Given(next_action_on=date(2026, 11, 22)))
    assert refused.value.errors[0].pointer == "/next_action_on"


def test_a_standing_is_what_it_says_and_a_worker_is_no_lead() -> None:
    assert WORKER.can_act_as(Who.WORKER)
    assert not WORKER.can_act_as(Who.LEAD, Who.SENDER)
    assert LEAD.can_act_as(Who.WORKER)
