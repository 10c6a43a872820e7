"""How long a private link to one's own request serves, and where the request is in words for its owner."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.referrals.domain.reasons import Audience, DeclineReason, outside_wording
from services.referrals.domain.states import CLOSED, State

LASTS = timedelta(days=60)
LASTS_AFTER_END = timedelta(days=28)


def serves(made_at: datetime, revoked_at: datetime | None, closed_at: datetime | None, at: datetime) -> bool:
    """Whether a link still opens: for 60 days, and no longer than 28 after the request ended."""
    if revoked_at is not None or at >= made_at + LASTS:
        return False
    return closed_at is None or at < closed_at + LASTS_AFTER_END


WHERE: dict[State, tuple[str, str]] = {
    State.RECEIVED: ("We have it", "A team looks at what you wrote and decides who can help."),
    State.ACCEPTED: ("Somebody has taken it on", "They get in touch, in the ways that were said to be safe."),
    State.IN_PROGRESS: ("Help has begun", "Somebody is working on this with you."),
    State.ON_HOLD: ("It is waiting", "Somebody has taken it on. There is a wait before the next step."),
    State.COMPLETED: ("It has ended", "The help has come to an end. You can ask again at any time."),
    State.CANCELLED: ("It was taken back", "Nobody is working on it now. You can ask again at any time."),
    State.ENTERED_IN_ERROR: ("It has ended", "Nobody is working on it now. You can ask again at any time."),
}
"""A heading and a sentence for each state; neither names a team, a service or a need."""

_NOT_TAKEN = "It was not taken on"


def where_it_is(state: State, declined_for: str | None) -> tuple[str, str]:
    """Heading and sentence for whoever holds the link. A team that reached nobody reads like any other."""
    if state is State.REJECTED and declined_for in set(DeclineReason):
        return _NOT_TAKEN, outside_wording(DeclineReason(declined_for), Audience.SELF)
    if state in (State.REJECTED, State.FAILED):
        return _NOT_TAKEN, outside_wording(DeclineReason.OTHER, Audience.SELF)
    return WHERE.get(state, WHERE[State.RECEIVED])


def can_change(state: State) -> bool:
    """Whether words may be added and the request taken back."""
    return state not in CLOSED
