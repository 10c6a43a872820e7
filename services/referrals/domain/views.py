"""The parts somebody can have in a referral, the views they lead to, and the fields of each view."""

from __future__ import annotations

from enum import StrEnum

from services.referrals.domain.states import CLOSED, Act, State


class Part(StrEnum):
    """A caller's part in one referral."""

    SENDER = "sender"
    HOLDER = "holder"
    HELPER = "helper"
    DUTY_DESK = "duty_desk"
    SAFEGUARDING = "safeguarding"
    PERSON = "person"


class View(StrEnum):
    """How much is shown; the API's `view` is `full` or `coarse` for senders, `holder` inside the team."""

    NONE = "none"
    COARSE = "coarse"
    FULL = "full"
    HOLDER = "holder"


COARSE_FIELDS: frozenset[str] = frozenset({"reference", "status", "sent", "sent_at", "agreement"})
"""What a coarse sender reads: what it wrote itself, and received or closed."""

SENDER_FIELDS: frozenset[str] = COARSE_FIELDS | {
    "owner",
    "next_action_at",
    "routing",
    "moves",
    "outside_wording",
    "questions",
    "outcomes",
}

HELPER_FIELDS: frozenset[str] = frozenset({"reference", "owner", "helping_since", "shared_plan"})
"""What a joined helper reads: that they help and who does what; no story, no notes, no contact points."""

PERSON_FIELDS: frozenset[str] = frozenset({"reference", "status", "sent", "sent_at", "agreement"})
"""What a private link shows: what was written through it, what was agreed to, and where it is."""

ROUTING_FIELDS: frozenset[str] = frozenset(
    {"reference", "status", "owner", "next_action_at", "sender", "age", "area", "needs", "priority", "flags",
     "routing", "moves"}
)  # fmt: skip
"""What choosing a team needs: no name, no contact point, nothing in the person's own words."""

HOLDER_FIELDS: frozenset[str] = (
    SENDER_FIELDS
    | ROUTING_FIELDS
    | {"person", "contacts", "what_matters", "risks", "safeguarding", "notes", "contacts_made",
       "reasons_inside", "people", "assignee", "sensitive_needs"}
)  # fmt: skip


def told_as(act: Act) -> Act:
    """The act as senders read it: an attempt that reached nobody is told as a passing back, and that the
    person said no as a withdrawal."""
    return {Act.FAIL: Act.DECLINE, Act.FORGET: Act.WITHDRAW}.get(act, act)


def shown_status(state: State, view: View) -> str:
    """The status this view reads: for a coarse sender `received` until `closed`, else the FHIR code.

    That nobody could be reached says something about the person, so senders read it as any other pass-back.
    """
    if view is View.COARSE and state is not State.DRAFT:
        return "closed" if state in CLOSED else State.RECEIVED.value
    if view is View.FULL and state is State.FAILED:
        return State.REJECTED.value
    return state.value
