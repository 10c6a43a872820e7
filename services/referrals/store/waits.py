"""Measuring waits from what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from services.referrals.domain.routing.ranking import MEASURED_FROM
from services.referrals.store.lists import written
from services.referrals.store.tables import Referral
from services.referrals.store.tables.referrals import IS_OPEN

WITHIN = timedelta(days=90)
_DAY = 86_400


@dataclass(frozen=True)
class Measured:
    """One service: median days to first contact, how many were started in 90 days, how many are open."""

    service_id: UUID
    median_days: int
    started: int
    open_now: int

    @property
    def is_enough(self) -> bool:
        """Ten or more: enough to tell a wait without telling about anybody."""
        return self.started >= MEASURED_FROM


def measure(session: Session, at: datetime) -> list[Measured]:
    """Every service that has open referrals, or started any in the 90 days before `at`.

    Of what was loaded when Linkwork came, only what was still open came with it: whoever was seen before that
    says nothing about how long people wait, and is not measured. Restricted referrals are in no number that
    is told to everybody: nobody may see by one that is counted that there is somebody.
    """
    seen_here = or_(Referral.loaded_at.is_(None), Referral.first_contact_at > Referral.loaded_at)
    started = and_(Referral.first_contact_at.between(at - WITHIN, at), seen_here)
    waited = func.extract("epoch", Referral.first_contact_at - Referral.submitted_at) / _DAY
    median = func.percentile_cont(0.5).within_group(waited).filter(started)
    query = (
        select(
            Referral.service_id,
            median,
            func.count().filter(started),
            func.count().filter(written(IS_OPEN)),
        )
        .where(Referral.service_id.isnot(None), ~Referral.restricted, or_(started, written(IS_OPEN)))
        .group_by(Referral.service_id)
        .order_by(Referral.service_id)
    )
    return [
        Measured(service, round(float(days or 0)), count, now)
        for service, days, count, now in session.execute(query)
        if service is not None
    ]
