"""What templates and JSON schemas render: plain values, already cut to what the reader may see.

`None` in an optional part means "not for you, or not there"; a template need not ask which. Times are aware
UTC, days are UK calendar days, ids are UUIDs that people never see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.referrals.domain.safe_contact import Way
from services.referrals.domain.speaker import Speaker
from services.referrals.domain.states import Action
from services.referrals.domain.under_18 import Ask, Under18


@dataclass(frozen=True)
class Assignee:
    """Who has taken it on: a member of the owning team."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Owner:
    """The team that has it, always; and the person, once somebody has taken it on."""

    team_id: UUID | None
    """None where the reader is not told which team it is."""
    team_name: str
    assignee: Assignee | None = None


@dataclass(frozen=True)
class Chosen:
    """The service this is for."""

    service_id: UUID
    name: str


@dataclass(frozen=True)
class Routing:
    """Who can take this person and why; the three lists have the shape of the answer of `POST /routes`."""

    state: str
    """`routed` | `chosen` | `unrouted`"""
    chosen: Chosen | None = None
    eligible: tuple[Mapping[str, Any], ...] = ()
    not_eligible: tuple[Mapping[str, Any], ...] = ()
    unknown: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class NeedView:
    """A need with its label; `sensitive` ones are left out for everybody but the holder and the author."""

    code: str
    label: str
    sensitive: bool = False


@dataclass(frozen=True)
class AgreementView:
    """What the person said about one recipient and purpose."""

    recipient: str
    recipient_name: str
    purpose: str
    agreed: bool
    how: str | None
    alone: bool | None
    asked_by: str | None
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class PersonView:
    """The person, in the words of the organisation that sent the referral."""

    given_name: str | None
    family_name: str | None
    full_name: str
    """"Ada Example", "Ada", or "Name not known"."""
    date_of_birth: date | None
    age: int | None
    """On the day of reading; from the estimate where there is no date of birth."""
    age_is_estimate: bool
    nhs_number: str | None
    """In groups: "999 123 4567"."""
    postcode: str | None
    no_fixed_abode: bool
    address_lines: tuple[str, ...]
    residence_postcode: str | None
    residence_from: date | None
    gp_practice_ods: str | None
    gp_practice_name: str | None
    language: str | None
    access_needs: tuple[str, ...]


@dataclass(frozen=True)
class Sent:
    """What the sender wrote: always shown to the sender, in either view."""

    person: PersonView
    contacts: tuple[Way, ...]
    needs: tuple[NeedView, ...]
    what_matters: str | None
    priority: str
    priority_reason: str | None
    wanted_from: date | None
    route_in: str
    target: Chosen | None
    lawful_basis: str
    safeguarding: str
    restricted: bool
    referrer_name: str | None
    referrer_role: str | None
    author_name: str | None
    external_source: str | None
    external_id: str | None
    under_18: Under18 | None = None
    speaker: Speaker | None = None
    asks: tuple[Ask, ...] = ()
    """Of somebody under 18, or of unknown age: what has not been asked yet."""


@dataclass(frozen=True)
class QuestionView:
    """A question to the sender and its answer, if there is one."""

    id: UUID
    question: str
    asked_by: str | None
    """The asker's name, inside the team; senders read the team's name."""
    asked_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True)
class OutcomeView:
    """What became of one need."""

    need: str
    need_label: str
    outcome: str
    outcome_words: str
    text: str | None


@dataclass(frozen=True)
class ContactMade:
    """A conversation or an attempt. `length` is in minutes."""

    at: datetime
    mode: str
    length: int | None
    attended: bool
    note: str | None
    by: str | None


@dataclass(frozen=True)
class HistoryItem:
    """One line of the history. Senders read act, label, time and outside wording; the rest is `None` then."""

    act: str
    label: str
    """"Accepted", "Passed back": what happened, for a page."""
    at: datetime
    outside: str | None
    from_status: str | None = None
    to_status: str | None = None
    by: str | None = None
    reason: str | None = None
    reason_words: str | None = None
    reason_text: str | None = None
    content: str | None = None


@dataclass(frozen=True)
class Facts:
    """What choosing a team needs, without a name, a contact point or the person's own words."""

    age: int | None
    age_is_estimate: bool
    area: str | None
    """Ward and council, or "no fixed abode"; never the postcode."""
    needs: tuple[NeedView, ...]
    priority: str
    safeguarding: str
    route_in: str
    wanted_from: date | None


@dataclass(frozen=True)
class Existing:
    """The earlier referral this one was knowingly sent beside."""

    id: UUID
    reference: str


@dataclass(frozen=True)
class ReferralView:
    """One referral as one reader may see it.

    `view` is `full` or `coarse`; `inside` is True for the holding team, the duty desk and safeguarding leads,
    who read more. For a coarse view `status` is `received` or `closed` and nothing moves but that.
    """

    id: UUID
    reference: str
    status: str
    status_words: str
    view: str
    inside: bool
    parts: frozenset[str]
    """`sender`, `holder`, `duty_desk`, `safeguarding`, `helper`."""
    version: int
    submitted_at: datetime
    wait_days: int
    """Days from the first day to today, or to the day it ended. It never pauses."""
    owner: Owner | None
    next_action_at: datetime | None
    next_action_by: str | None
    """`team` | `sender`"""
    overdue: bool
    available_actions: tuple[Action, ...]
    routing: Routing | None
    sender_name: str
    """The sending organisation, or "Themselves"."""
    outside: str | None = None
    """The newest words that left the team, such as why it was passed back."""
    undo_until: datetime | None = None
    """Set while the reader can still undo their last act."""
    closed_at: datetime | None = None
    ended_by: str | None = None
    review_on: date | None = None
    sent: Sent | None = None
    facts: Facts | None = None
    alert: bool = False
    """Words of crisis, or safeguarding: yes. Inside only."""
    agreements: tuple[AgreementView, ...] = ()
    questions: tuple[QuestionView, ...] = ()
    outcomes: tuple[OutcomeView, ...] = ()
    contacts_made: tuple[ContactMade, ...] = ()
    attempts_made: int = 0
    attempts_needed: int = 0
    separate_from: Existing | None = None
    emergency: tuple[Mapping[str, str], ...] = ()
    """Who to ring now, `{name, number, when, what}`; for whoever has just sent it, or spoken of danger."""


@dataclass(frozen=True)
class RoutesView:
    """Who can take this person. Each entry has the shape given in `POST /routes`."""

    eligible: tuple[Mapping[str, Any], ...]
    not_eligible: tuple[Mapping[str, Any], ...]
    unknown: tuple[Mapping[str, Any], ...]
    fresh: bool
    """False when the directory has not been heard of for a minute: the answer may be old."""
    place_name: str | None = None
    emergency: tuple[Mapping[str, str], ...] = ()
    """Who to ring now: `{name, number, when, what}`."""


@dataclass(frozen=True)
class Submitted:
    """What became of a post. `replayed` is True when the same key or external id had been used before."""

    referral: ReferralView
    replayed: bool = False
    emergency: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Done:
    """What became of an act. `changed` is False when the same caller had already done it."""

    referral: ReferralView
    changed: bool = True
