"""What the form of *Refer someone* asks for, by how the person comes and by the sector that sends them.

Each asks only what its route needs: a police connector is not asked for an NHS number, and somebody who
introduces a neighbour needs no more than a name they use and how to meet them. The table is what the pages
show; a system may send whatever it knows of the referral's fields, and nothing here is refused for being
known. What no route asks: offences, suspects, findings about a home, anything about somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.referrals.domain.life import RouteIn
from services.referrals.domain.safe_contact import Channel
from services.referrals.domain.sight_facts import Purpose


class Question(StrEnum):
    """A question of the form that not every route asks."""

    FAMILY_NAME = "family_name"
    NHS_NUMBER = "nhs_number"
    GP_PRACTICE = "gp_practice"
    ADDRESS = "address"
    PRIORITY = "priority"
    SAFEGUARDING = "safeguarding"
    INTRODUCED_BY = "introduced_by"
    NEEDS = "needs"
    WHAT_MATTERS = "what_matters"
    AGE = "age"
    PHONE = "phone"
    ACCESS = "access"
    BASIS = "basis"


@dataclass(frozen=True)
class Intake:
    """One short form.

    `questions` are those asked besides the name they use and where they live; `channels` the ways of contact
    offered, in this order; `purposes` what the person is asked to agree to; `note` says what does not belong
    in the free text.
    """

    questions: frozenset[Question]
    channels: tuple[Channel, ...]
    purposes: tuple[Purpose, ...]
    note: str

    def asks(self, question: str) -> bool:
        """Whether this form has the question."""
        return question in self.questions


_EVERYBODY = frozenset(
    {
        Question.FAMILY_NAME, Question.PRIORITY, Question.SAFEGUARDING, Question.NEEDS, Question.WHAT_MATTERS,
        Question.AGE, Question.PHONE, Question.ACCESS, Question.BASIS,
    }
)  # fmt: skip
_CARE_RECORD = _EVERYBODY | {Question.NHS_NUMBER, Question.GP_PRACTICE, Question.ADDRESS}
_AT_HOME = _EVERYBODY | {Question.ADDRESS}
_ALL_WAYS = tuple(Channel)
_MEETING = (Channel.VIA, Channel.VISIT, Channel.PHONE)
_ALL_PURPOSES = tuple(Purpose)
_NOT_OTHERS = "The worker reads this first. Do not write about other people."


def _referral(questions: frozenset[Question], note: str = _NOT_OTHERS) -> Intake:
    return Intake(questions, _ALL_WAYS, _ALL_PURPOSES, note)


BY_SECTOR: Mapping[str, Intake] = {
    "health": _referral(_CARE_RECORD),
    "social_care": _referral(_CARE_RECORD),
    "local_authority": _referral(_CARE_RECORD),
    "police": _referral(
        _EVERYBODY,
        "Only what they would like help with. Leave out any offence, report or suspect, and everybody else.",
    ),
    "fire": _referral(
        _AT_HOME, "Only what they would like help with, not what was found in the home or about other people."
    ),
    "housing": _referral(
        _AT_HOME,
        "Only what they would like help with. Leave out the tenancy’s history, complaints and other people.",
    ),
    "education": _referral(
        _EVERYBODY, "Only what they would like help with. Leave out the family and other pupils."
    ),
    "vcse": _referral(_AT_HOME),
    "employer": _referral(_EVERYBODY, "Only what they would like help with, nothing from their work record."),
}
"""Referrals by a professional, by the sector of the sending organisation; codes of the directory."""

_ANY_OTHER = _referral(_EVERYBODY)

INTRODUCTION = Intake(
    frozenset({Question.INTRODUCED_BY}),
    _MEETING,
    (Purpose.SHARE_REFERRAL,),
    "",
)
"""No criteria and no questionnaire: a name they use, how to meet them, who introduces them, yes or not asked
yet; and where they live, which finds their coordinator."""


def intake_of(sector: str | None, route_in: str) -> Intake:
    """The form for somebody of this sector, for a person who comes by this route."""
    if route_in == RouteIn.INTRODUCTION:
        return INTRODUCTION
    return BY_SECTOR.get(sector or "", _ANY_OTHER)


def must_say_needs(route_in: str) -> bool:
    """Whether a request says a need or what matters: an introduction may begin with nothing but a name."""
    return route_in != RouteIn.INTRODUCTION
