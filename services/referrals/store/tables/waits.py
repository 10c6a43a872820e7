"""How long people waited for each service, measured here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.store.table import Table


class MeasuredWait(Table):
    """Days from received to first contact, for a service with 10 or more started in the last 90 days."""

    __tablename__ = "measured_wait"

    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    median_days: Mapped[int]
    started: Mapped[int]
    open_now: Mapped[int]
    measured_at: Mapped[datetime]
