"""Why things were done: the coded reasons inside, and the neutral words that leave the team.

A pass-back reason is for the holding team. What others read depends on the audience and is chosen so that
nobody learns from it that the person is known elsewhere, could not be reached or said no: those reasons
share one sentence with "other". Coarse senders (police, housing, employers) read one sentence for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.referrals.domain.states import Act
from shared.errors import Invalid


class DeclineReason(StrEnum):
    """Why a team passes a referral back (inside code)."""

    NOT_ELIGIBLE = "not_eligible"
    OUT_OF_AREA = "out_of_area"
    NO_CAPACITY = "no_capacity"
    ALREADY_SUPPORTED = "already_supported"
    PERSON_DECLINED = "person_declined"
    UNABLE_TO_CONTACT = "unable_to_contact"
    DESCRIPTION_UNCLEAR = "description_unclear"
    NEEDS_CLINICAL_HELP = "needs_clinical_help"
    OTHER = "other"


class Audience(StrEnum):
    """Who reads the outside wording. `SELF` is a person whom nobody else asked for."""

    SENDER_FULL = "sender_full"
    SENDER_COARSE = "sender_coarse"
    PERSON = "person"
    SELF = "self"


BARS_SYSTEM = "https://fhir.nhs.uk/CodeSystem/dos-rejected-reasons-bars"

_NOT_THIS_TEAM = "This team is not able to take this referral forward. The list shows who else can help."
_NOT_THIS_TEAM_PERSON = (
    "This team is not the right one for you just now. We can look for other help with you."
)
_CLOSED = "This referral has been closed."

DISCLOSING: frozenset[DeclineReason] = frozenset(
    {DeclineReason.ALREADY_SUPPORTED, DeclineReason.PERSON_DECLINED, DeclineReason.UNABLE_TO_CONTACT}
)
"""Reasons that would say something about the person; outside they read exactly like `other`."""


@dataclass(frozen=True)
class DeclineWords:
    """One pass-back reason: label inside, sentences outside, and the code for a national message."""

    label: str
    sender: str
    person: str
    bars_code: str


DECLINE: dict[DeclineReason, DeclineWords] = {
    DeclineReason.NOT_ELIGIBLE: DeclineWords(
        "Not who this service is for",
        "This is outside what this service takes. The list shows who else can help.",
        "This service is set up for other circumstances. We can look for other help with you.",
        "40",
    ),
    DeclineReason.OUT_OF_AREA: DeclineWords(
        "Outside our area",
        "This is outside the area this service covers. The list shows who covers it.",
        "This service covers another area. We can tell you who covers yours.",
        "42",
    ),
    DeclineReason.NO_CAPACITY: DeclineWords(
        "No capacity just now",
        "This service cannot offer a place at present. The list shows who else can help.",
        "This service cannot offer a place at present. We can look for other help with you.",
        "22",
    ),
    DeclineReason.ALREADY_SUPPORTED: DeclineWords(
        "Already supported by someone else", _NOT_THIS_TEAM, _NOT_THIS_TEAM_PERSON, "24"
    ),
    DeclineReason.PERSON_DECLINED: DeclineWords(
        "The person said no", _NOT_THIS_TEAM, _NOT_THIS_TEAM_PERSON, "26"
    ),
    # Code 27 reads "service could not be contacted", which is not what this reason says: hence 99.
    DeclineReason.UNABLE_TO_CONTACT: DeclineWords(
        "Could not reach the person", _NOT_THIS_TEAM, _NOT_THIS_TEAM_PERSON, "99"
    ),
    DeclineReason.DESCRIPTION_UNCLEAR: DeclineWords(
        "Not clear what is asked for",
        "The team could not tell what is being asked for. Please send it again with a little more.",
        "The team needs to know a little more. Whoever asked for you can tell them.",
        "99",
    ),
    DeclineReason.NEEDS_CLINICAL_HELP: DeclineWords(
        "Needs clinical help first",
        "The team thinks other professional help should come first. Please look at this again soon.",
        "Other help should come first. Whoever asked for you will be in touch about it.",
        "23",
    ),
    DeclineReason.OTHER: DeclineWords(
        "Another reason (say which)", _NOT_THIS_TEAM, _NOT_THIS_TEAM_PERSON, "99"
    ),
}


_SELF: dict[DeclineReason, str] = {
    DeclineReason.DESCRIPTION_UNCLEAR: "The team needs to know a little more. Please ask again and say more.",
    DeclineReason.NEEDS_CLINICAL_HELP: (
        "Other help should come first. Please talk to your GP surgery, or ring 111."
    ),
}
"""Where the person's sentence speaks of whoever asked for them, and nobody did."""


def outside_wording(reason: DeclineReason, audience: Audience) -> str:
    """The sentence this audience reads when a referral is passed back for `reason`."""
    if audience is Audience.SENDER_COARSE:
        return _CLOSED
    words = DECLINE[reason]
    if audience is Audience.SELF:
        return _SELF.get(reason, words.person)
    return words.person if audience is Audience.PERSON else words.sender


def bars_code(reason: DeclineReason, audience: Audience | None = None) -> str:
    """The `dos-rejected-reasons-bars` code: the true one inside (`audience` None), a neutral one outside.

    Outside, reasons that disclose something and every reason for a coarse sender become 99, other reason.
    """
    if audience is None:
        return DECLINE[reason].bars_code
    if audience is Audience.SENDER_COARSE or reason in DISCLOSING:
        return DECLINE[DeclineReason.OTHER].bars_code
    return DECLINE[reason].bars_code


def read_decline(code: str, text: str | None = None) -> DeclineReason:
    """The reason somebody named; `other` needs words. Raises `Invalid` at `/reason` or `/text`."""
    try:
        reason = DeclineReason(code)
    except ValueError:
        known = ", ".join(DeclineReason)
        raise Invalid.field("/reason", f"Choose one of: {known}.") from None
    if reason is DeclineReason.OTHER and not (text or "").strip():
        raise Invalid.field("/text", "Say in a few words why this is passed back.")
    return reason


REASONS: dict[Act, dict[str, str]] = {
    Act.HOLD: {
        "waiting_list": "On the waiting list",
        "not_now": "The person asked to wait",
        "person_will_ring": "The person will get in touch when ready",
        "other_help_first": "Other help comes first",
        "away": "The person is away or in hospital",
        "other": "Another reason",
    },
    Act.WITHDRAW: {
        "no_longer_needed": "No longer needed",
        "person_changed_mind": "The person would rather not",
        "moved_away": "The person has moved away",
        "found_other_help": "Other help was found",
        "died": "The person has died",
        "other": "Another reason",
    },
    Act.VOID: {
        "wrong_person": "Written about the wrong person",
        "entered_twice": "Typed in twice",
        "test_entry": "A test, not a real request",
        "other": "Another reason",
    },
    Act.REDIRECT: {
        "better_fit": "Another team fits better",
        "person_asked": "The person asked for it",
        "moved": "The person lives elsewhere now",
        "no_capacity": "No capacity in this team",
        "other": "Another reason",
    },
    Act.RELEASE: {
        "absence": "Away from work",
        "leaving": "Leaving the team",
        "caseload": "Caseload is full",
        "other": "Another reason",
    },
    Act.REOPEN: {
        "person_came_back": "The person asked again",
        "closed_too_soon": "Closed too soon",
        "reached_now": "We have reached them now",
        "other": "Another reason",
    },
}
"""Coded reasons of the other acts, with the words inside. None of them leaves the team."""

SYSTEM_REASONS: dict[Act, dict[str, str]] = {
    Act.ESCALATE: {
        "team_gone": "The team is no longer there",
        "nobody_there": "Nobody works in the team any more",
        "may_not_read": "The team may not read it any more",
    },
    Act.CHASE: {
        "owner": "Late: the team was told",
        "lead": "Late: the team’s lead was told",
        "duty_desk": "Late: the duty desk was told",
    },
}
"""Reasons nobody chooses: Linkwork itself gives them."""

LOADED = "loaded"
"""The reason of every step that was made before the referral was loaded, whatever the act."""

LOADED_WORDS = "Loaded from the records kept before"
LOADED_OUTSIDE = "Loaded from the records kept before Linkwork."


@dataclass(frozen=True)
class Reason:
    """A reason given for an act: its code, and the words where they were not one of the codes."""

    code: str
    text: str = ""


def read_reason(act: Act, given: str) -> Reason:
    """The coded reason, or `other` with the words typed. Raises `Invalid` when nothing was said."""
    said = given.strip()
    if not said:
        raise Invalid.field("/reason", "Say why.")
    if said in REASONS.get(act, {}):
        return Reason(said)
    return Reason("other", given)


WITHDRAWN_OUTSIDE = "The person or the sender withdrew this referral."
FORGOTTEN_OUTSIDE = "This introduction has ended. What was written about the person has been deleted."
FAILED_OUTSIDE: dict[Audience, str] = {
    Audience.SENDER_FULL: _NOT_THIS_TEAM,
    Audience.SENDER_COARSE: _CLOSED,
    Audience.PERSON: _NOT_THIS_TEAM_PERSON,
    Audience.SELF: _NOT_THIS_TEAM_PERSON,
}
"""What a failed referral says outside: neutral as a pass-back. No letter is sent by default."""
