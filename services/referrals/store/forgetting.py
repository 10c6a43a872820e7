"""Taking a person out of one referral: their record, their words and everybody's words about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from services.referrals.domain.states import Act
from services.referrals.store.tables import (
    AgreementRow,
    ContactPointRow,
    ContactRow,
    MoveRow,
    OutcomeRow,
    PersonRecord,
    QuestionRow,
    Referral,
)

_PARTS = (AgreementRow, ContactPointRow, ContactRow, OutcomeRow, QuestionRow)
_WORDS_SAID = frozenset({Act.ASK.value, Act.ANSWER.value, Act.ADD.value})

_OF_THE_PERSON: tuple[str, ...] = (
    "what_matters",
    "priority_reason",
    "wanted_from",
    "residence_postcode",
    "residence_from",
    "referrer_name",
    "referrer_role",
    "referrer_email",
    "routing",
    "separate_reason",
    "number_key",
    "names_key",
    "competent",
    "parental_responsibility",
    "not_to_contact",
    "speaker",
    "speaker_name",
    "speaker_relation",
)
"""Columns of a referral that say something of the person, or by whom they could be known."""


def forget_words(session: Session, row: Referral, moves: Iterable[MoveRow]) -> None:
    """Delete what the referral and its history say in words. The acts stay: who, what and when."""
    for name in _OF_THE_PERSON:
        setattr(row, name, None)
    row.needs, row.answers, row.crisis_words, row.safeguarding = [], {}, False, "not_known"
    for part in _PARTS:
        session.execute(delete(part).where(part.referral_id == row.id))
    for move in moves:
        if move.act in _WORDS_SAID:
            move.content = ""
        move.reason_text = None


def forget_person(session: Session, row: Referral, at: datetime) -> None:
    """Put an empty record in the place of the person's, which goes unless another referral rests on it."""
    held = row.person_id
    # Locked first: who is just now writing another referral on this record is waited for, and seen.
    session.execute(select(PersonRecord.id).where(PersonRecord.id == held).with_for_update())
    nobody = PersonRecord(id=uuid4(), organization_id=row.sender_org_id, created_at=at, updated_at=at)
    session.add(nobody)
    session.flush()
    row.person_id = nobody.id
    session.flush()
    if not _is_used(session, held):
        session.execute(delete(PersonRecord).where(PersonRecord.id == held))


def _is_used(session: Session, person_id: UUID) -> bool:
    by_referral = exists().where(Referral.person_id == person_id)
    by_contact = exists().where(ContactPointRow.person_id == person_id)
    return bool(session.scalar(select(or_(by_referral, by_contact))))
