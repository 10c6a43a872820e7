"""What happens to the demo's referrals: which acts, in which order, how long after each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from services.referrals.domain.states import Act, State


@dataclass(frozen=True)
class Step:
    """One act: `after` hours since the step before, `by` the worker or the sender."""

    act: Act
    after: float
    by: str = "worker"
    reason: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Plot:
    """How long ago it was sent (hours), what was done, and how many contacts were made."""

    ends: State
    age: float
    steps: tuple[Step, ...] = ()
    contacts: int = 0
    unrouted: bool = False
    marks: frozenset[str] = field(default_factory=frozenset)


COUNTS: dict[State, int] = {
    State.RECEIVED: 58,
    State.ACCEPTED: 34,
    State.IN_PROGRESS: 62,
    State.ON_HOLD: 22,
    State.COMPLETED: 74,
    State.REJECTED: 22,
    State.CANCELLED: 12,
    State.FAILED: 11,
    State.ENTERED_IN_ERROR: 5,
}
"""Three hundred in all."""

UNROUTED = 9
DAY = 24.0
HALF_YEAR = 182 * DAY
_DECLINED = ("no_capacity", "out_of_area", "not_eligible", "person_declined", "needs_clinical_help")
_HELD = ("waiting_list", "not_now", "person_will_ring", "other_help_first", "away")
_QUESTIONS = (
    "Which day suits them best for a first call?",
    "Is there somebody at home who should not hear of this?",
    "Would they like to meet at the surgery or elsewhere?",
)


def plots(rng: Random) -> list[Plot]:
    """All of them, in a mixed order that is always the same."""
    made: list[Plot] = []
    for state, count in COUNTS.items():
        made += [_PLOTS[state](rng, number) for number in range(count)]
    rng.shuffle(made)
    return made


def _received(rng: Random, number: int) -> Plot:
    if number < UNROUTED:
        return Plot(State.RECEIVED, rng.uniform(2, 40), unrouted=True)
    # Most are new; every sixth has waited too long.
    age = rng.uniform(5 * DAY, 12 * DAY) if number % 6 == 0 else rng.uniform(1, 40)
    marks = {"alert"} if number % 17 == 10 else {"sooner"} if number % 7 == 3 else set()
    asked = (_ask(number, min(age / 2, 20)),) if number % 9 == 2 else ()
    return Plot(State.RECEIVED, age, asked, marks=frozenset(marks))


def _ask(number: int, after: float) -> Step:
    return Step(Act.ASK, after, words=_QUESTIONS[number % len(_QUESTIONS)])


def _accepted(rng: Random, number: int) -> Plot:
    age = rng.uniform(2 * DAY, 6 * DAY)
    steps = [Step(Act.ACCEPT, rng.uniform(4, 30))]
    if number % 8 == 1:
        steps.append(_ask(number, 3))
    if number % 8 == 2:
        steps += [_ask(number, 3), Step(Act.ANSWER, 9, by="sender", words="Any weekday but Monday.")]
    return Plot(State.ACCEPTED, age, tuple(steps))


def _begun(rng: Random) -> tuple[Step, ...]:
    return (Step(Act.ACCEPT, rng.uniform(4, 50)), Step(Act.START, rng.uniform(DAY, 9 * DAY)))


def _in_progress(rng: Random, number: int) -> Plot:
    age = rng.uniform(14 * DAY, 80 * DAY)
    return Plot(State.IN_PROGRESS, age, _begun(rng), contacts=1 + number % 4)


def _on_hold(rng: Random, number: int) -> Plot:
    hold = Step(Act.HOLD, rng.uniform(DAY, 5 * DAY), reason=_HELD[number % len(_HELD)])
    return Plot(State.ON_HOLD, rng.uniform(20 * DAY, 70 * DAY), (*_begun(rng), hold), contacts=number % 2)


def _completed(rng: Random, number: int) -> Plot:
    ends = Step(Act.COMPLETE, rng.uniform(20 * DAY, 60 * DAY))
    age = rng.uniform(85 * DAY, HALF_YEAR) if number % 3 else rng.uniform(72 * DAY, 84 * DAY)
    return Plot(State.COMPLETED, age, (*_begun(rng), ends), contacts=1 + number % 4)


def _rejected(rng: Random, number: int) -> Plot:
    back = Step(Act.DECLINE, rng.uniform(5, 60), reason=_DECLINED[number % len(_DECLINED)])
    return Plot(State.REJECTED, rng.uniform(3 * DAY, HALF_YEAR), (back,))


def _cancelled(rng: Random, number: int) -> Plot:
    reasons = ("no_longer_needed", "moved_away", "found_other_help")
    taken = Step(Act.WITHDRAW, rng.uniform(10, 60), by="sender", reason=reasons[number % 3])
    return Plot(State.CANCELLED, rng.uniform(4 * DAY, HALF_YEAR), (taken,))


def _failed(rng: Random, _number: int) -> Plot:
    steps = (Step(Act.ACCEPT, rng.uniform(4, 50)), Step(Act.FAIL, rng.uniform(9 * DAY, 14 * DAY)))
    return Plot(State.FAILED, rng.uniform(30 * DAY, HALF_YEAR), steps)


def _void(rng: Random, _number: int) -> Plot:
    hidden = Step(Act.VOID, 2, by="sender", reason="entered_twice")
    return Plot(State.ENTERED_IN_ERROR, rng.uniform(5 * DAY, HALF_YEAR), (hidden,))


_PLOTS = {
    State.RECEIVED: _received,
    State.ACCEPTED: _accepted,
    State.IN_PROGRESS: _in_progress,
    State.ON_HOLD: _on_hold,
    State.COMPLETED: _completed,
    State.REJECTED: _rejected,
    State.CANCELLED: _cancelled,
    State.FAILED: _failed,
    State.ENTERED_IN_ERROR: _void,
}
