"""How providers answered last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.domain.rules import Channel
from services.notifications.store.tables.providers import Provider


def note(
    session: Session, channel: Channel, *, answers: bool, words: str, at: datetime, is_hand_over: bool = True
) -> None:
    """Keep the latest answer; a success is also kept as the last one when a message was handed over."""
    row: dict[str, Any] = {"channel": channel, "answers": answers, "words": words, "checked_at": at}
    if answers:
        row["answered_at"] = at
    if answers and is_hand_over:
        row["last_success_at"] = at
    session.execute(insert(Provider).values(row).on_conflict_do_update(index_elements=["channel"], set_=row))


def all_of(session: Session) -> list[Provider]:
    """Every channel's provider, by name."""
    return list(session.scalars(select(Provider).order_by(Provider.channel)))
