"""May an organisation have this referral at all? One answer for routing, for passing on and for every read.

A team that owns a referral nobody in it may read would have lost the person, so routing asks this first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.referrals.domain.sight_facts import (
    HELPERS,
    AgreementFacts,
    Purpose,
    Sharing,
    agreed,
    may_exchange,
    newest,
)

CONSENT = "explicit_consent"


class NotHeld(StrEnum):
    """Why an organisation may not have it."""

    NO_SHARING = "no_sharing_agreement"
    REFUSED = "person_refused"
    NOT_ASKED = "person_not_asked"


def why_not_hold(
    sender: UUID | None,
    holder: UUID | None,
    lawful_basis: str,
    agreements: Iterable[AgreementFacts],
    sharing: Sharing,
    on: date,
) -> NotHeld | None:
    """Why `holder` may not have what `sender` sends on this day; None where it may.

    What the person said about this organisation counts before what they said about all who help.
    """
    if sender == holder:
        return None
    if not may_exchange(sender, holder, sharing, on):
        return NotHeld.NO_SHARING
    answer = answer_about(agreements, holder)
    if answer is not None and not answer.is_yes:
        return NotHeld.REFUSED
    # Not asked is no refusal where the law gives another basis; where agreement is the basis, it is.
    return NotHeld.NOT_ASKED if answer is None and lawful_basis == CONSENT else None


def answer_about(agreements: Iterable[AgreementFacts], holder: UUID | str | None) -> AgreementFacts | None:
    """What the person last said about `holder` having it: about itself, else about all who help."""
    asked = tuple(agreements)
    return newest(asked, holder, Purpose.SHARE_REFERRAL) or newest(asked, HELPERS, Purpose.SHARE_REFERRAL)


def anybody_agreed(agreements: Iterable[AgreementFacts]) -> bool:
    """Whether the person agreed that at least one recipient has the referral."""
    asked = tuple(agreements)
    recipients = {one.recipient for one in asked}
    return any(agreed(asked, recipient, Purpose.SHARE_REFERRAL) is True for recipient in recipients)


def said_no(agreements: Iterable[AgreementFacts]) -> bool:
    """Whether the person was asked about being referred or introduced, and nobody got a yes."""
    asked = [one for one in agreements if one.purpose == Purpose.SHARE_REFERRAL]
    return bool(asked) and not anybody_agreed(asked)
