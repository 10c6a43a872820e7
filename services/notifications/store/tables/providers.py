"""What became of the last hand-overs to each provider, and the mail the catcher kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.store.table import Table


class Provider(Table):
    """How a channel's provider answered last. `answered_at`: when it last did answer."""

    __tablename__ = "provider"

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    answers: Mapped[bool]
    words: Mapped[str] = mapped_column(String(300))
    checked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]


class CaughtLetter(Table):
    """An e-mail of the embedded run or a test, kept instead of sent. `offered`: how often it came."""

    __tablename__ = "caught_letter"
    __table_args__ = (Index("ix_caught_letter_received", "received_at", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(320), unique=True)
    sender: Mapped[str] = mapped_column(String(320))
    recipient: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    headers: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    received_at: Mapped[datetime]
    offered: Mapped[int] = mapped_column(server_default=text("1"))
