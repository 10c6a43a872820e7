"""How long people wait for each service: measured from what was started, told to the directory."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from services.referrals.store.database import database
from services.referrals.store.outbox import outbox
from services.referrals.store.tables import DirectoryState, MeasuredWait
from services.referrals.store.waits import WITHIN, measure


def measure_waits(*, at: datetime) -> int:
    """Measure every service anew at `at` and say so in `capacity.measured.v1`; returns how many.

    A wait is the days from the first day to first contact; it is told for services where ten or more people
    were started in the last 90 days. How many are open now is told for all.
    """
    with database.transaction() as session:
        return measure_in(session, at)


def measure_in(session: Session, at: datetime) -> int:
    """As `measure_waits`, in the caller's transaction."""
    found = measure(session, at)
    session.execute(delete(MeasuredWait))
    session.add_all(
        MeasuredWait(
            service_id=one.service_id,
            median_days=one.median_days,
            started=one.started,
            open_now=one.open_now,
            measured_at=at,
        )
        for one in found
    )
    session.execute(update(DirectoryState).values(waits_at=at))
    for one in found:
        outbox.add(
            session,
            "capacity.measured.v1",
            subject=one.service_id,
            at=at,
            service_id=str(one.service_id),
            open_now=one.open_now,
            started=one.started,
            median_days=one.median_days if one.is_enough else None,
            days=WITHIN.days,
        )
    return len(found)
