"""The life of a message, and of the planning of an event, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from shared.errors import Conflict


class State(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What can happen to a message."""

    TAKE = "take"
    HAND_OVER = "hand_over"
    DELIVER = "deliver"
    PUT_BACK = "put_back"
    FAIL = "fail"
    CANCEL = "cancel"
    RETRY = "retry"
    HOLD = "hold"
    RELEASE = "release"


MOVES: Mapping[tuple[State, Step], State] = {
    (State.QUEUED, Step.TAKE): State.SENDING,
    (State.QUEUED, Step.HOLD): State.HELD,
    (State.QUEUED, Step.CANCEL): State.CANCELLED,
    (State.HELD, Step.RELEASE): State.QUEUED,
    (State.HELD, Step.CANCEL): State.CANCELLED,
    (State.SENDING, Step.HAND_OVER): State.SENT,
    (State.SENDING, Step.DELIVER): State.DELIVERED,
    (State.SENDING, Step.PUT_BACK): State.QUEUED,
    (State.SENDING, Step.FAIL): State.FAILED,
    (State.SENDING, Step.CANCEL): State.CANCELLED,
    (State.SENT, Step.DELIVER): State.DELIVERED,
    (State.SENT, Step.FAIL): State.FAILED,
    (State.FAILED, Step.RETRY): State.QUEUED,
}
"""The only place that knows what may follow what. Sent: a provider took it. Delivered: it arrived."""


def after(state: State, step: Step) -> State:
    """The state that `step` leads to. Raises Conflict where `state` does not allow it."""
    try:
        return MOVES[state, step]
    except KeyError:
        said = step.replace("_", " ")
        raise Conflict(f"A message that is {state} cannot do this: {said}.") from None


def allow(step: Step) -> frozenset[State]:
    """The states in which `step` is possible."""
    return frozenset(state for state, possible in MOVES if possible is step)


class PlanState(StrEnum):
    """Where the planning of one event stands."""

    WAITING = "waiting"
    PLANNED = "planned"
    NOBODY = "nobody"
    OVERTAKEN = "overtaken"
    ACTED_ON = "acted_on"
    UNKNOWN = "unknown"
