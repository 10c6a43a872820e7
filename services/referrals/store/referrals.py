"""Reading and locking single referrals with what belongs to them; one query each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, undefer

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


def lock_referral(session: Session, referral_id: UUID) -> Referral | None:
    """The row, locked until the transaction ends."""
    return session.scalars(select(Referral).where(Referral.id == referral_id).with_for_update()).one_or_none()


def try_lock(session: Session, referral_id: UUID) -> bool:
    """Lock the row unless somebody else is at it just now; False then."""
    query = select(Referral.id).where(Referral.id == referral_id).with_for_update(skip_locked=True)
    return session.scalar(query) is not None


def get_referral(session: Session, referral_id: UUID) -> Referral | None:
    """The row with its routing answer."""
    query = select(Referral).where(Referral.id == referral_id).options(undefer(Referral.routing))
    return session.scalars(query).one_or_none()


def get_referrals(session: Session, referral_ids: Iterable[UUID]) -> Sequence[Referral]:
    """Several rows, without their routing answers."""
    wanted = list(referral_ids)
    return session.scalars(select(Referral).where(Referral.id.in_(wanted))).all() if wanted else []


def moves_of(session: Session, referral_id: UUID) -> Sequence[MoveRow]:
    """The history, oldest first."""
    query = select(MoveRow).where(MoveRow.referral_id == referral_id).order_by(MoveRow.id)
    return session.scalars(query).all()


def agreements_of(session: Session, referral_ids: Iterable[UUID]) -> dict[UUID, list[AgreementRow]]:
    """The person's answers, by referral, oldest first.

    Asked even of none: what nobody has is looked at as long as what is hidden from whoever looks.
    """
    wanted = list(referral_ids)
    found: dict[UUID, list[AgreementRow]] = {ident: [] for ident in wanted}
    among = any_(bindparam("wanted", wanted, type_=ARRAY(Uuid())))
    query = select(AgreementRow).where(AgreementRow.referral_id == among).order_by(AgreementRow.at)
    for row in session.scalars(query):
        found[row.referral_id].append(row)
    return found


def person_of(session: Session, row: Referral) -> PersonRecord:
    """The sending organisation's record of the person."""
    return session.get_one(PersonRecord, row.person_id)


def contact_points_of(session: Session, referral_id: UUID) -> Sequence[ContactPointRow]:
    """The ways to reach the person that came with this referral, in the order given."""
    query = (
        select(ContactPointRow)
        .where(ContactPointRow.referral_id == referral_id)
        .order_by(ContactPointRow.place_in_list)
    )
    return session.scalars(query).all()


def questions_of(session: Session, referral_id: UUID) -> Sequence[QuestionRow]:
    """Questions, oldest first."""
    query = select(QuestionRow).where(QuestionRow.referral_id == referral_id).order_by(QuestionRow.asked_at)
    return session.scalars(query).all()


def outcomes_of(session: Session, referral_id: UUID) -> Sequence[OutcomeRow]:
    """Outcomes, by need."""
    query = select(OutcomeRow).where(OutcomeRow.referral_id == referral_id).order_by(OutcomeRow.need)
    return session.scalars(query).all()


def contacts_made_of(session: Session, referral_id: UUID) -> Sequence[ContactRow]:
    """Conversations and attempts, oldest first."""
    query = select(ContactRow).where(ContactRow.referral_id == referral_id).order_by(ContactRow.at)
    return session.scalars(query).all()
