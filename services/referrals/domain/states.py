"""The life of a referral as one table: which act leads from where to where, and who may do it.

Codes are those of FHIR R4 `Task.status`. `MOVES` is the only place that says what may follow what; the
rules that need more than a from and a to (28 days, 24 hours, the attempts made) are in `moves`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict


class State(StrEnum):
    """Where a referral is, in the words of FHIR R4 `Task.status`."""

    DRAFT = "draft"
    REQUESTED = "requested"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in-progress"
    ON_HOLD = "on-hold"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    FAILED = "failed"
    ENTERED_IN_ERROR = "entered-in-error"


class Act(StrEnum):
    """What somebody does to a referral."""

    SUBMIT = "submit"
    RECEIVE = "receive"
    ROUTE = "route"
    ACCEPT = "accept"
    DECLINE = "decline"
    ASK = "ask"
    ANSWER = "answer"
    REASSIGN = "reassign"
    REDIRECT = "redirect"
    RELEASE = "release"
    START = "start"
    HOLD = "hold"
    RESUME = "resume"
    COMPLETE = "complete"
    FAIL = "fail"
    WITHDRAW = "withdraw"
    VOID = "void"
    REOPEN = "reopen"
    UNDO = "undo"
    ESCALATE = "escalate"
    CHASE = "chase"
    ADD = "add"
    FORGET = "forget"


class Who(StrEnum):
    """The standing in which somebody acts. A lead may do whatever a worker of the team may."""

    SENDER = "sender"
    WORKER = "worker"
    LEAD = "lead"
    DUTY_DESK = "duty_desk"
    SYSTEM = "system"
    PERSON = "person"


class Landing(StrEnum):
    """Where a move ends when that is not one fixed state."""

    SAME = "same"
    HELD_FROM = "held-from"
    BEFORE = "before"


class Action(TypedDict):
    """One button on the page, one entry of `available_actions` in the API."""

    act: str
    label: str
    needs: list[str]


@dataclass(frozen=True)
class Move:
    """One row of the table: `act` leads from any of `sources` to `target`; `needs` are its fields."""

    act: Act
    sources: tuple[State, ...]
    target: State | Landing
    who: tuple[Who, ...]
    needs: tuple[str, ...] = ()


_RECEIVED, _ACCEPTED = State.RECEIVED, State.ACCEPTED
_IN_PROGRESS, _ON_HOLD = State.IN_PROGRESS, State.ON_HOLD

OPEN: frozenset[State] = frozenset({State.REQUESTED, _RECEIVED, _ACCEPTED, _IN_PROGRESS, _ON_HOLD})
"""States in which somebody still waits: an owner and a next-action date are compulsory."""

CLOSED: frozenset[State] = frozenset(
    {State.COMPLETED, State.REJECTED, State.CANCELLED, State.FAILED, State.ENTERED_IN_ERROR}
)

_WORKED = (_ACCEPTED, _IN_PROGRESS, _ON_HOLD)
_HELD = (_RECEIVED, *_WORKED)
_ALL_OPEN = (State.REQUESTED, *_HELD)
_REOPENABLE = (State.COMPLETED, State.REJECTED, State.FAILED, State.CANCELLED)
_BEGINNER = (Who.SENDER, Who.PERSON)
_NOT_VOID = (State.DRAFT, *_ALL_OPEN, *_REOPENABLE)

MOVES: tuple[Move, ...] = (
    Move(Act.SUBMIT, (State.DRAFT,), State.REQUESTED, _BEGINNER, ("lawful_basis", "contacts", "needs")),
    Move(Act.RECEIVE, (State.REQUESTED,), _RECEIVED, (Who.SYSTEM,)),
    Move(Act.ROUTE, (_RECEIVED,), _RECEIVED, (Who.SYSTEM, Who.DUTY_DESK), ("team_id",)),
    Move(Act.ACCEPT, (_RECEIVED,), _ACCEPTED, (Who.WORKER, Who.LEAD)),
    Move(Act.DECLINE, (_RECEIVED, _ACCEPTED), State.REJECTED, (Who.WORKER, Who.LEAD), ("reason",)),
    Move(Act.ASK, _HELD, Landing.SAME, (Who.WORKER, Who.LEAD), ("question",)),
    Move(Act.ANSWER, _HELD, Landing.SAME, (Who.SENDER,), ("answer",)),
    Move(Act.REASSIGN, _WORKED, Landing.SAME, (Who.LEAD,), ("assignee_id",)),
    Move(Act.REDIRECT, _HELD, _RECEIVED, (Who.LEAD, Who.WORKER), ("team_id", "reason")),
    Move(Act.RELEASE, _WORKED, _RECEIVED, (Who.LEAD, Who.WORKER), ("reason",)),
    Move(Act.START, (_ACCEPTED,), _IN_PROGRESS, (Who.WORKER,), ("contact",)),
    Move(Act.HOLD, (_ACCEPTED, _IN_PROGRESS), _ON_HOLD, (Who.WORKER,), ("reason", "review_on")),
    Move(Act.RESUME, (_ON_HOLD,), Landing.HELD_FROM, (Who.WORKER,)),
    Move(Act.COMPLETE, _WORKED, State.COMPLETED, (Who.WORKER,), ("outcomes", "ended_by")),
    Move(Act.FAIL, _WORKED, State.FAILED, (Who.WORKER,), ("attempts",)),
    Move(Act.WITHDRAW, _ALL_OPEN, State.CANCELLED, _BEGINNER, ("reason",)),
    Move(Act.VOID, _NOT_VOID, State.ENTERED_IN_ERROR, (Who.LEAD, Who.SENDER), ("reason",)),
    Move(Act.REOPEN, _REOPENABLE, _RECEIVED, (Who.LEAD, Who.WORKER), ("reason",)),
    Move(Act.UNDO, (_ACCEPTED, State.REJECTED, State.COMPLETED), Landing.BEFORE, (Who.WORKER, Who.LEAD)),
    Move(Act.ESCALATE, _HELD, _RECEIVED, (Who.SYSTEM,), ("team_id",)),
    Move(Act.CHASE, _HELD, Landing.SAME, (Who.SYSTEM,)),
    Move(Act.ADD, _HELD, Landing.SAME, (Who.PERSON,), ("words",)),
    Move(Act.FORGET, (_RECEIVED, _ACCEPTED), State.CANCELLED, (Who.WORKER, Who.LEAD, Who.SENDER)),
)

MOVE_OF: dict[Act, Move] = {move.act: move for move in MOVES}

LABELS: dict[Act, str] = {
    Act.SUBMIT: "Send",
    Act.RECEIVE: "Take in",
    Act.ROUTE: "Choose a team",
    Act.ACCEPT: "Accept",
    Act.DECLINE: "Pass back",
    Act.ASK: "Ask a question",
    Act.ANSWER: "Answer the question",
    Act.REASSIGN: "Give to someone else",
    Act.REDIRECT: "Pass on to another team",
    Act.RELEASE: "Give back to the team",
    Act.START: "Record first contact",
    Act.HOLD: "Put on hold",
    Act.RESUME: "Carry on",
    Act.COMPLETE: "Close with outcomes",
    Act.FAIL: "Could not reach them",
    Act.WITHDRAW: "Withdraw",
    Act.VOID: "Sent in error",
    Act.REOPEN: "Open again",
    Act.UNDO: "Undo",
    Act.ESCALATE: "Give to the duty desk",
    Act.CHASE: "Say that it is late",
    Act.ADD: "Say more",
    Act.FORGET: "They said no: delete this",
}
"""Words on buttons."""

STATE_WORDS: dict[State, str] = {
    State.DRAFT: "Not sent yet",
    State.REQUESTED: "Sent",
    State.RECEIVED: "Received",
    State.ACCEPTED: "Accepted",
    State.IN_PROGRESS: "Being helped",
    State.ON_HOLD: "On hold",
    State.COMPLETED: "Completed",
    State.REJECTED: "Passed back",
    State.CANCELLED: "Withdrawn",
    State.FAILED: "We could not reach them",
    State.ENTERED_IN_ERROR: "Entered in error",
}
"""Words on pages, for those with the full view."""


def meta_moves() -> list[dict[str, object]]:
    """The table for `GET /meta/moves`: one row `{act, from, to, who}` per act and source state."""
    return [
        {
            "act": move.act.value,
            "from": source.value,
            "to": _target(move, source),
            "who": [who.value for who in move.who],
        }
        for move in MOVES
        for source in move.sources
    ]


def _target(move: Move, source: State) -> str:
    return source.value if move.target is Landing.SAME else move.target.value


def moves_as_text() -> str:
    """The table as a Markdown table, for the documentation; a test keeps the two alike."""
    rows = ["| act | on the button | from | to | who | needs |", "|---|---|---|---|---|---|"]
    for move in MOVES:
        cells = (
            move.act.value,
            LABELS[move.act],
            ", ".join(s.value for s in move.sources),
            _LANDING_WORDS.get(move.target, move.target.value),
            ", ".join(w.value.replace("_", " ") for w in move.who),
            ", ".join(move.needs) or "nothing",
        )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"


_LANDING_WORDS: dict[State | Landing, str] = {
    Landing.SAME: "the same state",
    Landing.HELD_FROM: "the state it was held from",
    Landing.BEFORE: "the state before",
}
