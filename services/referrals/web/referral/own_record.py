"""What a sender takes away for their own record: a text to copy and, for a GP practice, the codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.referrals.actions.views import ReferralView
from services.referrals.domain.clinical_codes import CODES, ClinicalCode
from services.referrals.domain.states import State
from services.referrals.domain.views import Part, View, shown_status
from services.referrals.web.facts import Facts
from services.referrals.web.words import STATES
from shared.auth import Caller
from shared.web.dates import uk_date


@dataclass(frozen=True)
class OwnRecord:
    """`quiet`: whom the person sees must not be read out of a record that others may open."""

    text: str
    codes: tuple[ClinicalCode, ...]
    quiet: bool


def own_record(view: ReferralView, caller: Caller, facts: Facts, at: datetime) -> OwnRecord | None:
    """Reference, dates, state and team; nothing where the reader is no sender with the full view.

    No need and no reason is in it. The codes are the same whatever became of the referral: which of them is
    right the sender knows from the person, and nothing is to be read out of their order. Of a restricted
    referral, and of one that a discreet service has, neither the team nor any code is given: people, and
    those beside them, open GP records on the telephone.
    """
    if Part.SENDER not in view.parts or view.view != View.FULL or view.sent is None or view.owner is None:
        return None
    team_id = view.owner.team_id
    quiet = view.sent.restricted or (team_id is not None and facts.is_discreet(team_id))
    practice = facts.practice_of(caller) is not None
    # Whoever works on it as well reads more of its state than a practice's record may hold.
    state = STATES[shown_status(State(view.status), View.FULL)]["text"].lower()
    social = "Social prescribing referral" if not quiet else "Referral"
    team = f" Team: {view.owner.team_name}." if team_id is not None and not quiet else ""
    text = (
        f"{social} {view.reference}, sent on {uk_date(view.submitted_at)}.{team} On {uk_date(at)}: {state}."
    )
    return OwnRecord(text, CODES if practice and not quiet else (), quiet)
