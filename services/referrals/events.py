"""The events this service sends, and which services hear of each.

All are CloudEvents 1.0 with `data: {referral_id, organization_id, team_id, act, hold_seconds?}`: ids and
codes, nothing personal. `capacity.measured.v1` carries waits of a service instead.
"""

from __future__ import annotations

NEWS = ("notifications",)

ALARMED = "referral.alarmed.v1"
"""Words of danger came with the act that closed it. Beside that act's own event, and never held back."""

EVENTS: dict[str, tuple[str, ...]] = {
    "referral.received.v1": NEWS,
    "referral.routed.v1": NEWS,
    "referral.accepted.v1": NEWS,
    "referral.declined.v1": NEWS,
    "referral.asked.v1": NEWS,
    "referral.answered.v1": NEWS,
    "referral.reassigned.v1": NEWS,
    "referral.redirected.v1": NEWS,
    "referral.released.v1": NEWS,
    "referral.started.v1": NEWS,
    "referral.held.v1": NEWS,
    "referral.resumed.v1": NEWS,
    "referral.completed.v1": NEWS,
    "referral.failed.v1": NEWS,
    "referral.withdrawn.v1": NEWS,
    "referral.voided.v1": NEWS,
    "referral.reopened.v1": NEWS,
    "referral.undone.v1": NEWS,
    "referral.escalated.v1": NEWS,
    "referral.chased.v1": NEWS,
    ALARMED: NEWS,
    "referral.added.v1": NEWS,
    "capacity.measured.v1": ("directory",),
}

EVENT_OF_ACT: dict[str, str] = {
    "receive": "referral.received.v1",
    "route": "referral.routed.v1",
    "accept": "referral.accepted.v1",
    "decline": "referral.declined.v1",
    "ask": "referral.asked.v1",
    "answer": "referral.answered.v1",
    "reassign": "referral.reassigned.v1",
    "redirect": "referral.redirected.v1",
    "release": "referral.released.v1",
    "start": "referral.started.v1",
    "hold": "referral.held.v1",
    "resume": "referral.resumed.v1",
    "complete": "referral.completed.v1",
    "fail": "referral.failed.v1",
    "withdraw": "referral.withdrawn.v1",
    "void": "referral.voided.v1",
    "reopen": "referral.reopened.v1",
    "undo": "referral.undone.v1",
    "escalate": "referral.escalated.v1",
    "chase": "referral.chased.v1",
    "add": "referral.added.v1",
    # Told like a withdrawal: that the person said no is nobody's news.
    "forget": "referral.withdrawn.v1",
}
"""The event each act writes; `submit` has none of its own, for `receive` follows in the same transaction."""
