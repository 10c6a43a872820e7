"""What is asked about somebody under 18, or of an age nobody knows: who may decide, and whom not to contact.

Nothing is refused for an answer that is missing: it stays a question, and whoever helps sees that it is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.referrals.domain.identifiers import age_on

OF_AGE = 18


@dataclass(frozen=True)
class Under18:
    """The answers; None means "not asked", an empty text is never kept.

    `competent` is whether they understand enough to decide for themself; `parental_responsibility` who has
    it; `not_to_contact` whom nobody may contact or tell, a parent perhaps.
    """

    competent: bool | None = None
    parental_responsibility: str | None = None
    not_to_contact: str | None = None


@dataclass(frozen=True)
class Ask:
    """One open question: the field of the API that answers it, and the words."""

    field: str
    question: str


QUESTIONS: dict[str, str] = {
    "competent": "Do they understand enough to decide for themself?",
    "parental_responsibility": "Who has parental responsibility?",
    "not_to_contact": "Is there anybody who must not be contacted or told?",
}


def age_then(
    on: date, date_of_birth: date | None, estimate: int | None = None, estimated_on: date | None = None
) -> int | None:
    """The age on the day help is wanted; an estimate moves on by the years since it was made."""
    if date_of_birth is not None:
        return age_on(date_of_birth, on)
    if estimate is None:
        return None
    return estimate + (age_on(estimated_on, on) if estimated_on and estimated_on <= on else 0)


def is_asked(age: int | None) -> bool:
    """Whether the questions are asked: under 18 on the day help is wanted, or of an age nobody knows."""
    return age is None or age < OF_AGE


def open_questions(age: int | None, answers: Under18 | None) -> tuple[Ask, ...]:
    """What has not been asked yet of somebody of this age; empty for an adult."""
    if not is_asked(age):
        return ()
    given = answers or Under18()
    return tuple(
        Ask(f"under_18.{name}", question)
        for name, question in QUESTIONS.items()
        if getattr(given, name) is None
    )
