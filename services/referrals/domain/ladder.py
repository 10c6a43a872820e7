"""Who has to hear that a referral is late: its owner, then the team's lead, then the place's duty desk.

Late is past the next action, whoever's turn it is. Nothing is taken away or closed by being late.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

from services.referrals.domain.working_days import end_of_working_day_after


class Rung(IntEnum):
    """How far up it has gone."""

    NOBODY = 0
    OWNER = 1
    LEAD = 2
    DUTY_DESK = 3


LEAD_AFTER, DESK_AFTER = 1, 3
"""Working days after the day that was missed."""

ALERT_LEAD_AFTER, ALERT_DESK_AFTER = 0, 1
"""The same for an alert: the lead hears at once."""


def rung_at(due: datetime, at: datetime, *, alert: bool = False) -> Rung:
    """The highest rung that has to know at `at` of what was due at `due` (both aware UTC)."""
    if due >= at:
        return Rung.NOBODY
    higher = (rung for rung in (Rung.DUTY_DESK, Rung.LEAD) if at >= rises_at(rung, due, alert=alert))
    return next(higher, Rung.OWNER)


def rises_at(rung: Rung, due: datetime, *, alert: bool = False) -> datetime:
    """From when this rung has to know of what was due at `due`: for the owner, from then on."""
    if rung not in (Rung.LEAD, Rung.DUTY_DESK):
        return due
    lead, desk = (ALERT_LEAD_AFTER, ALERT_DESK_AFTER) if alert else (LEAD_AFTER, DESK_AFTER)
    return end_of_working_day_after(due, desk if rung is Rung.DUTY_DESK else lead)
