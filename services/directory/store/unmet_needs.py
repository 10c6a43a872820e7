"""Searches that found nothing, counted by week, area and need. No words, no postcode, no person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.store.table import Table


class UnmetNeed(Table):
    """How many searches of one week (its Monday) found nothing. `area` is a GSS code, blank where none was
    named; `need` a code of the needs, `words` where only words were typed, `filters` where nothing was."""

    __tablename__ = "unmet_need"

    week: Mapped[date] = mapped_column(Date, primary_key=True)
    area: Mapped[str] = mapped_column(String(9), primary_key=True)
    need: Mapped[str] = mapped_column(String(60), primary_key=True)
    count: Mapped[int]

    __table_args__ = (CheckConstraint("count > 0", name="counts"),)


class UnmetSeen(Table):
    """Keeps a page that is loaded again from being counted again, for an hour: a keyed digest of what was
    searched for, which nobody can turn back, and nothing of who did."""

    __tablename__ = "unmet_seen"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime]

    __table_args__ = (Index("ix_unmet_seen_at", "seen_at"),)
