"""What happened to a referral: moves (never changed), questions asked, contacts made, outcomes by need."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.store.table import Table


class MoveRow(Table):
    """One act: what, from where to where, by whom, why (inside), and the words that left the team.

    Append-only: the database refuses to change or delete a row; only its words may be taken out, where a
    person said no to being introduced (`store.forgetting`). `content` is what was said or chosen, for
    telling a repeat from another act. The `before` fields are what an undo puts back.
    """

    __tablename__ = "move"
    __table_args__ = (Index("ix_move_referral", "referral_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    act: Mapped[str] = mapped_column(String(20))
    from_status: Mapped[str] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    # Null for the system.
    by_id: Mapped[UUID | None]
    by_name: Mapped[str | None] = mapped_column(Text)
    by_org_id: Mapped[UUID | None]
    by_kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(40))
    reason_text: Mapped[str | None] = mapped_column(Text)
    outside: Mapped[str | None] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text, default="")
    team_id: Mapped[UUID | None]
    assignee_id: Mapped[UUID | None]
    next_action_before: Mapped[datetime | None]
    next_by_before: Mapped[str | None] = mapped_column(String(6))
    event_id: Mapped[UUID | None]


class QuestionRow(Table):
    """A question of the team to the sender, and its answer."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_referral", "referral_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    question: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[UUID | None]
    asked_by_name: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[UUID | None]
    answered_by_name: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]


class OutcomeRow(Table):
    """What became of one need when the referral ended. Undone or reopened, it is taken away again."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("referral_id", "need", name="uq_outcome_need"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    need: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(24))
    text: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class ContactRow(Table):
    """A conversation with the person, or an attempt at one. `length` is in minutes."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_referral", "referral_id"),
        CheckConstraint("length between 0 and 1440", name="length"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    at: Mapped[datetime]
    mode: Mapped[str] = mapped_column(String(12))
    length: Mapped[int | None] = mapped_column(SmallInteger)
    attended: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[UUID | None]
    by_name: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime]
