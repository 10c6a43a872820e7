"""What may be done to a referral now, by whom, and what it is afterwards.

`available_actions` makes the buttons, `decide` says yes, "already so" or why not, `advance` gives the life
after the act. All three read the same table (`states.MOVES`) and the rules below.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.referrals.domain.life import Ending, Given, LastMove, Life, RouteIn, Standing
from services.referrals.domain.states import (
    CLOSED,
    LABELS,
    MOVE_OF,
    MOVES,
    Act,
    Action,
    Landing,
    Move,
    State,
    Who,
)
from shared.errors import Conflict, Invalid

REOPEN_WITHIN = timedelta(days=28)
SENDER_VOID_WITHIN = timedelta(hours=24)
UNDO_WITHIN = timedelta(seconds=60)
UNDOABLE: frozenset[Act] = frozenset({Act.ACCEPT, Act.DECLINE, Act.COMPLETE})
"""Acts whose messages wait 60 seconds, so that they can be undone without anybody having heard."""

LONGEST_HOLD = timedelta(days=366)
_UK = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Decision:
    """The answer to "may this be done": `changes` is False when the same person already did it."""

    act: Act
    source: State
    target: State
    changes: bool = True


def available_actions(life: Life, standing: Standing, at: datetime) -> list[Action]:
    """What this caller may do now, in the table's order, with the fields each act needs."""
    return [
        Action(act=move.act.value, label=LABELS[move.act], needs=_needs(move, standing))
        for move in MOVES
        if _refusal(move, life, standing, at) is None
    ]


def _needs(move: Move, standing: Standing) -> list[str]:
    if move.act is Act.ACCEPT and standing.is_client:
        return ["assignee_id"]
    return list(move.needs)


def decide(act: Act, life: Life, standing: Standing, at: datetime, given: Given | None = None) -> Decision:
    """May `standing` do `act` now? Raises `Conflict` with `available_actions`, or `Invalid` for a field.

    The same act with the same content by the same person again changes nothing. With other content it is a
    conflict that says what is there (`existing`: state, assignee and review day). The same act already done
    by another is a conflict, which names who only where `standing.may_know_names`.
    """
    given = given or Given()
    move = MOVE_OF[act]
    if _is_repeat(move, life, standing, given):
        return Decision(act, life.state, life.state, changes=False)
    if _has_done(move, life, standing) and not standing.coarse:
        raise Conflict(
            f"You have already done this with other content{_when(life.entered or life.last)}.",
            existing=_what_is_there(life),
            available_actions=available_actions(life, standing, at),
        )
    refusal = _done_by_another(move, life, standing) or _refusal(move, life, standing, at)
    if refusal is not None:
        raise Conflict(
            _GENERAL if standing.coarse else refusal, available_actions=available_actions(life, standing, at)
        )
    _check_fields(act, life, standing, at, given)
    return Decision(act, life.state, _target(move, life))


def _target(move: Move, life: Life) -> State:
    if isinstance(move.target, State):
        return move.target
    if move.target is Landing.HELD_FROM:
        return life.held_from or State.ACCEPTED
    if move.target is Landing.BEFORE and life.last is not None:
        return life.last.from_state
    return life.state


def _has_done(move: Move, life: Life, standing: Standing) -> bool:
    """Whether this very account brought the referral to where it is by this very act."""
    entered = life.entered or life.last
    return (
        entered is not None
        and standing.account_id is not None
        and entered.act is move.act
        and entered.by == standing.account_id
        and life.state not in move.sources
    )


def _is_repeat(move: Move, life: Life, standing: Standing, given: Given) -> bool:
    """This very account has just done this very act, with the same content."""
    entered, last = life.entered or life.last, life.last
    if entered is not None and _has_done(move, life, standing):
        return move.act is Act.UNDO or entered.content == given.content
    if last is None or standing.account_id is None:
        return False
    if last.act is not move.act or last.by != standing.account_id:
        return False
    return move.act is Act.UNDO or (bool(given.content) and last.content == given.content)


def _what_is_there(life: Life) -> dict[str, str | None]:
    return {
        "status": life.state.value,
        "assignee_id": str(life.assignee_id) if life.assignee_id else None,
        "review_on": life.review_on.isoformat() if life.review_on else None,
    }


def _when(made: LastMove | None) -> str:
    if made is None:
        return ""
    moment = made.at.astimezone(_UK)
    return f", at {moment:%H:%M} on {moment.day} {moment:%B %Y}"


def _done_by_another(move: Move, life: Life, standing: Standing) -> str | None:
    entered = life.entered or life.last
    if entered is None or entered.act is not move.act or life.state in move.sources:
        return None
    if not standing.can_act_as(*move.who) or entered.by == standing.account_id:
        return None
    if standing.may_know_names and entered.by_name:
        return f"{entered.by_name} has already done this{_when(entered)}."
    return "Somebody else has already done this."


ASK_SOMEBODY_ELSE = (
    "A question here would reach nobody: the person came by themself, or whoever sent this is told only "
    "received or closed. "
    "Ask the person, in a way they said is safe; where none is known, ask your team’s lead or the duty desk."
)
_GENERAL = "That cannot be done as things stand."


def _refusal(move: Move, life: Life, standing: Standing, at: datetime) -> str | None:
    """Why this may not be done now, as a sentence; None when it may."""
    if not standing.can_act_as(*move.who):
        return f"“{LABELS[move.act]}” is not yours to do here."
    if life.state not in move.sources:
        if life.state in CLOSED:
            return f"“{LABELS[move.act]}” is not possible: this referral has ended."
        return f"“{LABELS[move.act]}” is not possible while a referral is {life.state.value}."
    rule = _RULES.get(move.act)
    return rule(life, standing, at) if rule else None


def _route(life: Life, _standing: Standing, _at: datetime) -> str | None:
    if life.routed and not life.escalated:
        return "A team has been chosen already: pass it on instead."
    return None


def _accept(life: Life, _standing: Standing, _at: datetime) -> str | None:
    return None if life.routed else "Choose a team first: the duty desk holds this until then."


def _decline(life: Life, _standing: Standing, _at: datetime) -> str | None:
    if life.route_in is RouteIn.INTRODUCTION and life.ending is Ending.BY_PERSON:
        return "Introductions to this service are not passed back: there is no eligibility to fail."
    return None


def _ask(_life: Life, standing: Standing, _at: datetime) -> str | None:
    # The question would say that a team is at work, and they could not see it.
    return None if standing.sender_hears else ASK_SOMEBODY_ELSE


def _answer(life: Life, standing: Standing, _at: datetime) -> str | None:
    # A sender who is told only received or closed would learn from this button that a team is at work.
    if standing.coarse:
        return _GENERAL
    return None if life.question_open else "No question is waiting for an answer."


def _forget(life: Life, standing: Standing, _at: datetime) -> str | None:
    # A coarse sender would learn from the missing button that somebody has begun: they withdraw it.
    if standing.coarse:
        return _GENERAL
    if life.route_in is not RouteIn.INTRODUCTION:
        return "Only an introduction is deleted when the person says no. Withdraw it, or pass it back."
    return None


def _void(life: Life, standing: Standing, at: datetime) -> str | None:
    if standing.can_act_as(Who.LEAD):
        return None
    # A sender who is told only received or closed would learn from this button that contact was made.
    if standing.coarse:
        return _GENERAL
    if life.first_contact_at is not None:
        return "The person has been contacted: withdraw it, or ask the team’s lead."
    if life.submitted_at is not None and at - life.submitted_at > SENDER_VOID_WITHIN:
        return "This was sent more than 24 hours ago: withdraw it, or ask the team’s lead."
    return None


def _reopen(life: Life, _standing: Standing, at: datetime) -> str | None:
    if life.entered is not None and life.entered.act is Act.FORGET:
        return (
            "What was written was deleted, so there is nothing to open again: a new introduction is needed."
        )
    if life.closed_at is None or at - life.closed_at > REOPEN_WITHIN:
        return "This ended more than 28 days ago: send a new referral that refers back to it."
    return None


def _undo(life: Life, standing: Standing, at: datetime) -> str | None:
    last = life.last
    if last is None or last.act not in UNDOABLE or last.by is None or last.by != standing.account_id:
        return "Only whoever did the last step can undo it."
    if at - last.at > UNDO_WITHIN:
        return "A step can be undone for 60 seconds; that time has passed."
    return None


_RULES = {
    Act.ROUTE: _route,
    Act.ACCEPT: _accept,
    Act.DECLINE: _decline,
    Act.ASK: _ask,
    Act.ANSWER: _answer,
    Act.VOID: _void,
    Act.REOPEN: _reopen,
    Act.UNDO: _undo,
    Act.FORGET: _forget,
}


def _check_fields(act: Act, life: Life, standing: Standing, at: datetime, given: Given) -> None:
    on = at.astimezone(_UK).date()
    if act is Act.FAIL and life.attempts_made + given.attempts < life.attempts_needed:
        made = life.attempts_made + given.attempts
        raise Conflict(
            f"This service tries {life.attempts_needed} times before saying so; {made} recorded so far.",
            available_actions=available_actions(life, standing, at),
        )
    if act is Act.HOLD:
        if given.review_on is None or given.review_on <= on:
            raise Invalid.field("/review_on", "Give a day after today on which to look at this again.")
        if given.review_on > on + LONGEST_HOLD:
            raise Invalid.field("/review_on", "Give a day within a year: nobody is put aside for longer.")
    if act in {Act.SUBMIT, Act.ROUTE, Act.REDIRECT, Act.ESCALATE} and given.team_id is None:
        raise Invalid.field("/team_id", "Name the team that is to have this.")
    if act is Act.REDIRECT and given.team_id == life.owner_team_id:
        raise Invalid.field("/team_id", "This team has it already: choose another.")
    if act is Act.REASSIGN and given.assignee_id is None:
        raise Invalid.field("/assignee_id", "Name who is to have this.")
    if (
        act is Act.ACCEPT
        and given.assignee_id is None
        and (standing.is_client or standing.account_id is None)
    ):
        raise Invalid.field("/assignee_id", "A system must name the worker who takes this.")
    if given.next_action_on is not None and given.next_action_on < on:
        raise Invalid.field("/next_action_on", "Give today or a day to come.")
    if given.next_action_on is not None and given.next_action_on > on + LONGEST_HOLD:
        raise Invalid.field("/next_action_on", "Give a day within a year: nobody is put aside for longer.")


def last_move(
    act: Act, life: Life, standing: Standing, at: datetime, *, given: Given, by_name: str = ""
) -> LastMove:
    """The move just made, as the next decision will read it."""
    return LastMove(
        act=act,
        by=standing.account_id,
        at=at,
        from_state=life.state,
        by_name=by_name,
        content=given.content,
        next_action_before=life.next_action_at,
        next_by_before=life.next_action_by,
    )
