"""The three answers of a rule, each with its reason in plain English: yes, no, or not until asked.

Named tuples, because one request makes tens of thousands of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Reason(NamedTuple):
    """A code for machines and a sentence for people. The sentence never says who the person is."""

    code: str
    text: str


class Ask(NamedTuple):
    """A fact that would settle it: the field of the referral and the question to put."""

    field: str
    question: str


class Yes(NamedTuple):
    """The rule is met; `reason` is None where there is nothing worth saying."""

    reason: Reason | None = None


class No(NamedTuple):
    """The rule is not met."""

    reason: Reason


class Unsure(NamedTuple):
    """It depends on something nobody has said yet."""

    reason: Reason
    asks: tuple[Ask, ...]


Answer = Yes | No | Unsure


@dataclass(frozen=True)
class Eligible:
    """This service can take this person."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class NotEligible:
    """This service cannot, or not by this route; every reason is given.

    `invitation` is the text a sender may pass on where the person has to come by themself.
    """

    reasons: tuple[Reason, ...]
    invitation: str | None = None


@dataclass(frozen=True)
class Unknown:
    """It depends on `asks`: all of them, without one asked twice."""

    reasons: tuple[Reason, ...]
    asks: tuple[Ask, ...]


Verdict = Eligible | NotEligible | Unknown


def combine(answers: Iterable[Answer], invitation: str | None = None) -> Verdict:
    """All rules together: any no decides; else anything unsure; else yes."""
    said: list[Reason] = []
    refused: list[Reason] = []
    doubts: list[Unsure] = []
    for answer in answers:
        if isinstance(answer, No):
            refused.append(answer.reason)
        elif isinstance(answer, Unsure):
            doubts.append(answer)
        elif answer.reason is not None:
            said.append(answer.reason)
    if refused:
        return NotEligible(tuple(refused), invitation)
    if doubts:
        asks = tuple({ask.field: ask for doubt in doubts for ask in doubt.asks}.values())
        return Unknown(tuple(doubt.reason for doubt in doubts), asks)
    return Eligible(tuple(said))


def written_day(day: date) -> str:
    """A day as pages write it: 22 November 2026."""
    return f"{day.day} {day:%B %Y}"
