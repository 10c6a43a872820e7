"""Who spoke, and what was asked about somebody under 18: to the row of a referral and back."""

from __future__ import annotations

from typing import Any

from services.referrals.actions.new_referral import NewReferral
from services.referrals.domain.speaker import Speaker
from services.referrals.domain.under_18 import Ask, Under18, age_then, open_questions
from services.referrals.domain.working_days import uk_day
from services.referrals.store.tables import PersonRecord, Referral


def said_columns(new: NewReferral) -> dict[str, Any]:
    """The columns of a referral that hold this; a blank text is no answer."""
    young, speaker = new.under_18 or Under18(), new.speaker
    return {
        "competent": young.competent,
        "parental_responsibility": _said(young.parental_responsibility),
        "not_to_contact": _said(young.not_to_contact),
        "speaker": speaker.who if speaker else None,
        "speaker_name": _said(speaker.name) if speaker else None,
        "speaker_relation": _said(speaker.relation) if speaker else None,
    }


def _said(text: str | None) -> str | None:
    return text if text and text.strip() else None


def under_18_of(row: Referral) -> Under18 | None:
    """The answers; None where none was given."""
    said = Under18(row.competent, row.parental_responsibility, row.not_to_contact)
    return None if said == Under18() else said


def speaker_of(row: Referral) -> Speaker | None:
    """Who spoke; None where that was not said."""
    return Speaker(row.speaker, row.speaker_name, row.speaker_relation) if row.speaker else None


def asks_of(row: Referral, person: PersonRecord) -> tuple[Ask, ...]:
    """What the rule about the under-18s asks and nobody has answered."""
    on = row.wanted_from or uk_day(row.submitted_at)
    age = age_then(on, person.date_of_birth, person.age_estimate, person.age_estimated_on)
    return open_questions(age, under_18_of(row))
