"""Messages, the tries to deliver them, and the notices shown inside Linkwork."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.domain.states import State
from services.notifications.store.table import Table

STATES = ", ".join(f"'{state}'" for state in State)


class Message(Table):
    """One notice to one recipient by one channel; unique per event, recipient and channel.

    `due_at`: when it may next be taken up. `lease_until`, `leased_by`: which worker is sending it.
    `told_name`, `told_address`: whom it went to, looked up at that moment. `sealed_url`: the link of an
    account letter, encrypted, kept only while a try is unanswered, so that a repeat carries the same one.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("source", "event_id", "recipient", "channel", name="uq_message_once"),
        CheckConstraint(f"status in ({STATES})", name="status"),
        CheckConstraint(
            "(status = 'sending') = (lease_until is not null and leased_by is not null)", name="lease"
        ),
        Index("ix_message_due", "priority", "due_at", postgresql_where=text("status = 'queued'")),
        Index("ix_message_leased", "lease_until", postgresql_where=text("status = 'sending'")),
        Index("ix_message_failed", "organization_id", postgresql_where=text("status = 'failed'")),
        Index("ix_message_day", "queued_at", postgresql_where=text("not restricted")),
        Index("ix_message_organization", "organization_id", "queued_at", "id"),
        Index("ix_message_referral", "referral_id", "queued_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    source: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[str] = mapped_column(String(64))
    event_type: Mapped[str] = mapped_column(String(80))
    told_as: Mapped[str] = mapped_column(String(80))
    event_at: Mapped[datetime]
    referral_id: Mapped[UUID | None]
    reference: Mapped[str] = mapped_column(String(24), server_default="")
    restricted: Mapped[bool] = mapped_column(server_default=text("false"))
    link_id: Mapped[UUID | None]
    organization_id: Mapped[UUID | None]
    recipient: Mapped[str] = mapped_column(String(320))
    recipient_kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[UUID | None]
    channel: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(60), server_default="")
    path: Mapped[str] = mapped_column(String(200), server_default="")
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(200), server_default="")
    priority: Mapped[int]
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(String(100))
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    letter_id: Mapped[str] = mapped_column(String(320))
    told_name: Mapped[str | None] = mapped_column(String(200))
    told_address: Mapped[str | None] = mapped_column(String(320))
    sealed_url: Mapped[bytes | None] = mapped_column(LargeBinary)


class Attempt(Table):
    """One try at delivery. Written before the hand-over, so that a try a worker died in is seen too."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_message", "message_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id", ondelete="cascade"))
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))
    answer: Mapped[str] = mapped_column(String(300), server_default="")


class Notice(Table):
    """A message by the channel `inbox`, as its recipient reads it inside Linkwork."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_account", "account_id", "at", "message_id"),
        Index("ix_notice_unread", "account_id", postgresql_where=text("read_at is null")),
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id", ondelete="cascade"), primary_key=True)
    account_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    reference: Mapped[str] = mapped_column(String(24))
    template: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
