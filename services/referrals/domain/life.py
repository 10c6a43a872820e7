"""A referral's life as values: what the rules read of it, and who is acting on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.referrals.domain.states import CLOSED, OPEN, Act, State, Who


class RouteIn(StrEnum):
    """How a referral came."""

    PROFESSIONAL = "professional"
    INTRODUCTION = "introduction"
    SELF = "self"
    INVITATION = "invitation"


class Ending(StrEnum):
    """Who ends the help of a service, by its policy."""

    BY_WORKER = "by_worker"
    BY_PERSON = "by_person"


class EndedBy(StrEnum):
    """Who ended it, said when a referral is completed."""

    PERSON = "person"
    TOGETHER = "together"
    WORKER = "worker"
    MOVED_AWAY = "moved_away"
    DIED = "died"


class Outcome(StrEnum):
    """What became of one need."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NO_LONGER_WANTED = "no_longer_wanted"
    NOT_KNOWN = "not_known"


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.MET: "Helped with",
    Outcome.PARTLY_MET: "Helped with in part",
    Outcome.NOT_MET: "Not helped with",
    Outcome.NO_LONGER_WANTED: "No longer wanted",
    Outcome.NOT_KNOWN: "Not known",
}


def who_may_end(ending: Ending) -> tuple[EndedBy, ...]:
    """The answers to "who ended it" this policy allows: where people end it themselves, no worker does."""
    if ending is Ending.BY_PERSON:
        return tuple(by for by in EndedBy if by is not EndedBy.WORKER)
    return tuple(EndedBy)


class NextBy(StrEnum):
    """Whose turn it is; the owner stays the team whoever's turn it is."""

    TEAM = "team"
    SENDER = "sender"


@dataclass(frozen=True)
class LastMove:
    """The newest row of the history, as far as repeat and undo need it.

    `content` is what was said or chosen (question, assignee id, team id); `before` fields are what an undo
    puts back. `by_name` is shown only to those who may know.
    """

    act: Act
    by: UUID | None
    at: datetime
    from_state: State
    by_name: str = ""
    content: str = ""
    next_action_before: datetime | None = None
    next_by_before: NextBy | None = None


@dataclass(frozen=True)
class Life:
    """What the rules read of one referral; every field comes from its row or its service's policy.

    `alert` is words of crisis or safeguarding, `escalated` a referral so late that the duty desk sees it.
    `last` is the newest move, `entered` the newest that changed the state. An open life has an owner team and
    a next action; making one without raises `ValueError`.
    """

    state: State
    owner_team_id: UUID | None = None
    assignee_id: UUID | None = None
    next_action_at: datetime | None = None
    next_action_by: NextBy = NextBy.TEAM
    routed: bool = True
    alert: bool = False
    escalated: bool = False
    route_in: RouteIn = RouteIn.PROFESSIONAL
    ending: Ending = Ending.BY_WORKER
    held_from: State | None = None
    review_on: date | None = None
    question_open: bool = False
    submitted_at: datetime | None = None
    first_contact_at: datetime | None = None
    closed_at: datetime | None = None
    attempts_made: int = 0
    attempts_needed: int = 3
    last: LastMove | None = None
    entered: LastMove | None = None

    def __post_init__(self) -> None:
        if self.state in OPEN and (self.owner_team_id is None or self.next_action_at is None):
            raise ValueError(f"an open referral ({self.state.value}) has an owner and a next action")

    @property
    def is_open(self) -> bool:
        """Somebody still waits."""
        return self.state in OPEN

    @property
    def is_closed(self) -> bool:
        """It has ended, one way or another."""
        return self.state in CLOSED


@dataclass(frozen=True)
class Standing:
    """Where the caller stands: `sight.what_may_see` works it out from part and roles.

    `coarse` is a sender who is told only received or closed; `is_client` a system, which must name the
    worker when it accepts; `may_know_names` whether a conflict may say who did it; `sender_hears` whether the
    sender is told enough to be asked anything.
    """

    account_id: UUID | None
    who: frozenset[Who] = field(default_factory=frozenset)
    coarse: bool = False
    is_client: bool = False
    may_know_names: bool = False
    sender_hears: bool = True

    def can_act_as(self, *kinds: Who) -> bool:
        """Whether any of these may act; a lead may do whatever a worker may."""
        held = self.who | {Who.WORKER} if Who.LEAD in self.who else self.who
        return bool(held & set(kinds))


@dataclass(frozen=True)
class Given:
    """What came with an act, as far as the rules need it. Days are UK calendar days.

    `to_desk`: the team named is a duty desk, which holds a referral until a team is chosen.
    """

    team_id: UUID | None = None
    to_desk: bool = False
    assignee_id: UUID | None = None
    review_on: date | None = None
    next_action_on: date | None = None
    attempts: int = 0
    content: str = ""
