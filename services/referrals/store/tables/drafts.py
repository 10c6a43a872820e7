"""A referral still being typed in: one form, one account, nothing sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.store.table import Table


class Draft(Table):
    """A form in progress; seen by its account alone and cleared a week after it was last touched."""

    __tablename__ = "draft"
    __table_args__ = (
        Index("ix_draft_account", "account_id", "updated_at"),
        Index("ix_draft_updated_at", "updated_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
