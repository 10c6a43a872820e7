"""Who may write down what the person agreed to after a referral was sent, and who reads it.

A "no" is how an answer is taken back: whoever has a part may write it down, for any purpose. For a "yes"
`MAY_RECORD` says which purposes each part may write down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from services.referrals.domain.holding import answer_about
from services.referrals.domain.sight import Sight
from services.referrals.domain.sight_facts import HELPERS, AgreementFacts, Purpose, newest
from services.referrals.domain.views import Part, View

MAY_RECORD: Mapping[Part, frozenset[Purpose]] = {
    # As when it was sent: whoever speaks with the person asks for themself and for those who help.
    Part.SENDER: frozenset(Purpose),
    Part.HOLDER: frozenset(Purpose),
    # By their private link.
    Part.PERSON: frozenset(Purpose),
    # A desk finds a team; who is told how it goes, and who knows of whom, it is not there to ask.
    Part.DUTY_DESK: frozenset({Purpose.SHARE_REFERRAL}),
}
"""Purposes for which a part may write down a yes. A part that is not here writes down nothing."""


def may_record(parts: Collection[Part]) -> bool:
    """Whether any of these parts writes down answers at all."""
    return any(part in MAY_RECORD for part in parts)


def why_not_record(
    one: AgreementFacts, parts: Collection[Part], sender_org: UUID | None
) -> tuple[str, str] | None:
    """`(field, sentence)` where these parts may not write this answer down; None where they may.

    An answer for a recipient nobody would look at changes nothing, and a "no" that changes nothing is worse
    than none: so a recipient has to be one for which the purpose is looked up.
    """
    purpose = Purpose(one.purpose)
    if purpose is Purpose.KNOW_OF_EACH_OTHER and one.recipient != HELPERS:
        return "recipient", "This is asked about everybody who helps: give “helpers”."
    if purpose is Purpose.FEEDBACK_TO_SENDER and (sender_org is None or one.recipient != str(sender_org)):
        return "recipient", "This is asked about the organisation that sent it: give its id."
    if one.agreed and not any(purpose in MAY_RECORD.get(part, ()) for part in parts):
        return "purpose", "A duty desk writes down a yes only to who may see this referral."
    return None


def opens(before: Sight, after: Sight) -> bool:
    """Whether the answer between these two lets its own writer see more than before."""
    return not after.fields <= before.fields


def refused_to_another(
    one: AgreementFacts, agreements: Iterable[AgreementFacts], sender_org: UUID | None
) -> bool:
    """Whether the person last said no to this, and not to the organisation that writes `one` down.

    Such a no is not outweighed by a yes of which only its beneficiary knows.
    """
    asked = tuple(agreements)
    if one.purpose == Purpose.SHARE_REFERRAL:
        last = answer_about(asked, one.recipient)
    else:
        last = newest(asked, one.recipient, Purpose(one.purpose))
    if last is None or last.is_yes:
        return False
    return (last.told_to or sender_org) != one.told_to


def read_by(one: AgreementFacts, view: View, sender_org: UUID | None) -> bool:
    """Whether this view reads the answer: inside all; outside what the sender wrote down itself.

    What others wrote down says that they spoke with the person, and to whom the person may be sent next. A
    sender with the full view reads, besides, what the person said about itself.
    """
    if view is View.HOLDER or one.told_to in (None, sender_org):
        return True
    about_sender = one.purpose == Purpose.FEEDBACK_TO_SENDER and one.recipient == str(sender_org)
    return view is View.FULL and about_sender
