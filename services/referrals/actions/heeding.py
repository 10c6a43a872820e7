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
    crisis = has_crisis_words(*_words_in(asdict(new)))
    if crisis or new.safeguarding == "yes":
        return ALERT, crisis
    return (SOONER if new.priority == "sooner" else ROUTINE), crisis


def _words_in(value: object) -> Iterator[str]:
    """Every text there is: whoever is in danger may say so in any field, and fields are added."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _words_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _words_in(inner)


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
