"""The life of a referral after an act: state, owner, assignee and next action, all at once.

Store and actions copy these fields to the row; nobody else works out an owner or a date.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from services.referrals.domain.life import Given, LastMove, Life, NextBy, Standing
from services.referrals.domain.moves import Decision, decide, last_move
from services.referrals.domain.states import CLOSED, Act, State
from services.referrals.domain.working_days import NextActionDays, end_of_day, end_of_working_day_after


def advance(
    act: Act,
    life: Life,
    standing: Standing,
    at: datetime,
    *,
    given: Given | None = None,
    days: NextActionDays | None = None,
    by_name: str = "",
) -> tuple[Decision, Life]:
    """Decide `act` and give the life after it; unchanged when the same person had already done it.

    Raises what `decide` raises. `days` are the place's next-action defaults.
    """
    given = given or Given()
    days = days or NextActionDays()
    decision = decide(act, life, standing, at, given)
    if not decision.changes:
        return decision, life
    made = last_move(act, life, standing, at, given=given, by_name=by_name)
    effect = _EFFECTS.get(act, _unchanged)
    after = effect(life, standing, at, given, days)
    closed_at = at if decision.target in CLOSED else None
    entered = made if decision.target is not decision.source else life.entered
    return decision, replace(after, state=decision.target, closed_at=closed_at, last=made, entered=entered)


_Effect = Callable[[Life, Standing, datetime, Given, NextActionDays], Life]


def _unchanged(life: Life, _standing: Standing, _at: datetime, _given: Given, _days: NextActionDays) -> Life:
    return life


def _due(at: datetime, given: Given, working_days: int) -> datetime:
    if given.next_action_on is not None:
        return end_of_day(given.next_action_on)
    return end_of_working_day_after(at, working_days)


def _kept(life: Life, due: datetime) -> datetime:
    """The earlier day: what changes hands is not put off by it, and what is late stays late."""
    return min(life.next_action_at, due) if life.next_action_at is not None else due


def _submit(life: Life, _s: Standing, at: datetime, given: Given, days: NextActionDays) -> Life:
    due = _due(at, given, days.received)
    return replace(life, owner_team_id=given.team_id, next_action_at=due, submitted_at=at)


def _queued(life: Life, _s: Standing, at: datetime, given: Given, days: NextActionDays) -> Life:
    """Opened again: the team starts afresh, the person's wait goes on."""
    return replace(
        life,
        assignee_id=None,
        next_action_at=_due(at, given, days.received),
        next_action_by=NextBy.TEAM,
        held_from=None,
        review_on=None,
    )


def _released(life: Life, standing: Standing, at: datetime, given: Given, days: NextActionDays) -> Life:
    queued = _queued(life, standing, at, given, days)
    return replace(queued, next_action_at=_kept(life, _due(at, given, days.received)))


def _new_owner(life: Life, standing: Standing, at: datetime, given: Given, days: NextActionDays) -> Life:
    """Routed or passed on: `decide` has made sure that a team was named."""
    released = _released(life, standing, at, given, days)
    return replace(released, owner_team_id=given.team_id, routed=not given.to_desk)


def _to_desk(life: Life, standing: Standing, at: datetime, given: Given, days: NextActionDays) -> Life:
    return replace(_new_owner(life, standing, at, given, days), routed=False)


def _accept(life: Life, standing: Standing, at: datetime, given: Given, days: NextActionDays) -> Life:
    due = _due(at, given, days.accepted)
    return replace(
        life,
        assignee_id=given.assignee_id or standing.account_id,
        # An alert was to be looked into by a day: taking it on does not move that day.
        next_action_at=_kept(life, due) if life.alert else due,
        next_action_by=NextBy.TEAM,
    )


def _start(life: Life, _s: Standing, at: datetime, given: Given, days: NextActionDays) -> Life:
    return replace(
        life,
        first_contact_at=life.first_contact_at or at,
        next_action_at=_due(at, given, days.accepted),
        next_action_by=NextBy.TEAM,
    )


def _ask(life: Life, _s: Standing, at: datetime, given: Given, days: NextActionDays) -> Life:
    due = _due(at, given, days.asked)
    return replace(life, question_open=True, next_action_at=due, next_action_by=NextBy.SENDER)


def _answer(life: Life, _s: Standing, at: datetime, given: Given, days: NextActionDays) -> Life:
    if life.state is State.ON_HOLD and life.review_on is not None:
        due = max(end_of_day(life.review_on), end_of_working_day_after(at, 0))
    else:
        due = _due(at, given, days.received if life.state is State.RECEIVED else days.accepted)
    return replace(life, question_open=False, next_action_at=due, next_action_by=NextBy.TEAM)


def _reassign(life: Life, _s: Standing, _at: datetime, given: Given, _d: NextActionDays) -> Life:
    return replace(life, assignee_id=given.assignee_id)


def _hold(life: Life, _s: Standing, at: datetime, given: Given, days: NextActionDays) -> Life:
    # `decide` has made sure of a review date; the default keeps the type honest.
    due = end_of_day(given.review_on) if given.review_on else _due(at, given, days.accepted)
    return replace(
        life,
        held_from=life.state,
        review_on=given.review_on,
        next_action_at=due,
        next_action_by=NextBy.TEAM,
    )


def _resume(life: Life, _s: Standing, at: datetime, given: Given, days: NextActionDays) -> Life:
    due = _due(at, given, days.accepted)
    return replace(life, held_from=None, review_on=None, next_action_at=due, next_action_by=NextBy.TEAM)


def _fail(life: Life, _s: Standing, _at: datetime, given: Given, _d: NextActionDays) -> Life:
    return replace(life, attempts_made=life.attempts_made + given.attempts)


def _undo(life: Life, _s: Standing, at: datetime, _given: Given, days: NextActionDays) -> Life:
    last: LastMove | None = life.last
    if last is None:
        return life
    return replace(
        life,
        assignee_id=None if last.act is Act.ACCEPT else life.assignee_id,
        next_action_at=last.next_action_before or end_of_working_day_after(at, days.received),
        next_action_by=last.next_by_before or NextBy.TEAM,
    )


_EFFECTS: dict[Act, _Effect] = {
    Act.SUBMIT: _submit,
    Act.ROUTE: _new_owner,
    Act.REDIRECT: _new_owner,
    Act.ESCALATE: _to_desk,
    Act.RELEASE: _released,
    Act.REOPEN: _queued,
    Act.ACCEPT: _accept,
    Act.START: _start,
    Act.ASK: _ask,
    Act.ANSWER: _answer,
    Act.REASSIGN: _reassign,
    Act.HOLD: _hold,
    Act.RESUME: _resume,
    Act.FAIL: _fail,
    Act.UNDO: _undo,
}
