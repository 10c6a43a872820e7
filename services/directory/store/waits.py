"""How long people waited for a service, as the referrals service measured it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.directory.domain.waits import Measured
from services.directory.store.services import Service
from services.directory.store.table import Table


class MeasuredWait(Table):
    """The newest measure of one service. No part of routing: who routes measures for itself."""

    __tablename__ = "measured_wait"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    median_days: Mapped[int | None]
    started: Mapped[int]
    open_now: Mapped[int]
    days: Mapped[int] = mapped_column(SmallInteger)
    measured_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("median_days >= 0", name="median_days_counts"),
        CheckConstraint("started >= 0 and open_now >= 0", name="people_counts"),
    )

    @property
    def measured(self) -> Measured:
        """What was counted."""
        return Measured(self.median_days, self.started, self.open_now, self.days, self.measured_at)


def keep_measured(session: Session, service_id: UUID, measured: Measured) -> bool:
    """Keep it where the service is known and nothing newer is kept; True where it was."""
    if session.get(Service, service_id) is None:
        return False
    values = {
        "median_days": measured.median_days,
        "started": measured.started,
        "open_now": measured.open_now,
        "days": measured.days,
        "measured_at": measured.measured_at,
    }
    put = insert(MeasuredWait).values(service_id=service_id, **values)
    kept = session.execute(
        put.on_conflict_do_update(
            index_elements=["service_id"],
            set_=values,
            where=MeasuredWait.measured_at < measured.measured_at,
        ).returning(MeasuredWait.service_id)
    )
    return kept.one_or_none() is not None
