"""Words of crisis, whenever they are said: the referral goes to the top and somebody looks by tomorrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

from services.referrals.actions.new_referral import NewReferral
from services.referrals.domain.crisis_words import has_crisis_words
from services.referrals.domain.states import OPEN, State
from services.referrals.domain.urgency import ALERT, ALERT_WITHIN, ROUTINE, SOONER
from services.referrals.domain.working_days import end_of_working_day_after
from services.referrals.store.tables import Referral


def urgency_of(new: NewReferral) -> tuple[int, bool]:
    """The order of work, and whether words of crisis were read in any text of the referral."""
    crisis = speaks_of_danger(asdict(new))
    if crisis or new.safeguarding == "yes":
        return ALERT, crisis
    return (SOONER if new.priority == "sooner" else ROUTINE), crisis


def speaks_of_danger(said: object) -> bool:
    """Whether any text in it does: whoever is in danger may say so in any field, and fields are added."""
    return has_crisis_words(*_texts_in(said))


def _texts_in(said: object) -> Iterator[str]:
    waiting = [said]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, (list, tuple)):
            waiting += value


def is_alert(new: NewReferral) -> bool:
    """Whether somebody must read this today: it is stored whatever else stands against it."""
    return urgency_of(new)[0] == ALERT


def heed(row: Referral, at: datetime, *texts: str | None) -> bool:
    """Raise `row` to an alert where any of `texts`, said at `at`, speaks of danger; whether one does.

    Nothing is ever lowered. A later next action moves to the end of the next working day, a hold's too: its
    review day stays.
    """
    if not has_crisis_words(*texts):
        return False
    row.crisis_words, row.urgency = True, ALERT
    soon = end_of_working_day_after(at, ALERT_WITHIN)
    if State(row.status) in OPEN and row.next_action_at is not None and row.next_action_at > soon:
        row.next_action_at = soon
    return True
