"""What people chose about the messages they get."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.store.table import Table


class Preference(Table):
    """Whether an account wants one kind of notice by one channel; no row means yes."""

    __tablename__ = "preference"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    template: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    wanted: Mapped[bool]
    changed_at: Mapped[datetime]
