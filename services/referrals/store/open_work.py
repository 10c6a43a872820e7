"""Totals of what waits to be taken on. Restricted referrals are in no total, as they are in no list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.referrals.store.lists import IS_RECEIVED, written
from services.referrals.store.tables import Referral


@dataclass(frozen=True)
class OpenWork:
    """Referrals nobody took on yet: in teams' queues, and at duty desks without a team. Times are UTC."""

    queued: int
    queues: int
    queued_since: datetime | None
    late: int
    unrouted: int
    unrouted_since: datetime | None


def count_open_work(session: Session, at: datetime) -> OpenWork:
    """One query, on the index of what was received; it does not grow with history."""
    unrouted = Referral.routing_state == "unrouted"
    row = session.execute(
        select(
            func.count().filter(~unrouted),
            func.count(Referral.owner_team_id.distinct()).filter(~unrouted),
            func.min(Referral.submitted_at).filter(~unrouted),
            func.count().filter(~unrouted, Referral.next_action_at < at),
            func.count().filter(unrouted),
            func.min(Referral.submitted_at).filter(unrouted),
        ).where(written(IS_RECEIVED), ~Referral.restricted)
    ).one()
    return OpenWork(*row)
