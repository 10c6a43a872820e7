"""One row per event heard: who is to be told is found out from it, as often as it takes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.domain.states import PlanState
from services.notifications.store.table import Table
from shared.feed import FeedCursor

STATES = ", ".join(f"'{state}'" for state in PlanState)


class Planning(Table):
    """An event on its way to messages. Written with the inbox row, so that neither is without the other.

    `due_at`: when it may be worked on, moved ahead while a worker has it. `undoes`: the event this undoes.
    """

    __tablename__ = "planning"
    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        CheckConstraint(f"state in ({STATES})", name="state"),
        Index("ix_planning_waiting", "due_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_planning_unknown", "received_at", postgresql_where=text("state = 'unknown'")),
        Index("ix_planning_referral", "referral_id", "event_at"),
        Index("ix_planning_received", "received_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[str] = mapped_column(String(64))
    event_type: Mapped[str] = mapped_column(String(80))
    event_at: Mapped[datetime]
    received_at: Mapped[datetime]
    referral_id: Mapped[UUID | None]
    undoes: Mapped[str | None] = mapped_column(String(64))
    link_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    notice: Mapped[str | None] = mapped_column(String(40))
    hold_seconds: Mapped[float] = mapped_column(server_default=text("0"))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(200), server_default="")
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(server_default=text("0"))


class Feed(FeedCursor, Table):
    """How far we have read the events a producer keeps, beside those that came by task."""
