"""Open work read in batches, for what has to be looked at although nobody opens it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, tuple_, update
from sqlalchemy.orm import Session

from services.referrals.domain.ladder import Rung
from services.referrals.domain.states import State
from services.referrals.store.lists import written
from services.referrals.store.tables import Referral
from services.referrals.store.tables.referrals import IS_CLOSED, IS_OPEN

Late = tuple[UUID, datetime]


def open_after(session: Session, after: UUID | None, limit: int) -> Sequence[Referral]:
    """Open referrals by id, the next `limit` of them."""
    query = select(Referral).where(written(IS_OPEN), Referral.status != State.REQUESTED.value)
    if after is not None:
        query = query.where(Referral.id > after)
    return session.scalars(query.order_by(Referral.id).limit(limit)).all()


def late_after(session: Session, at: datetime, after: Late | None, limit: int) -> list[Late]:
    """`(id, due)` of what is late at `at` and was not told all the way up, longest late first."""
    query = select(Referral.id, Referral.next_action_at).where(
        written(IS_OPEN),
        Referral.status != State.REQUESTED.value,
        Referral.next_action_at < at,
        Referral.rung < Rung.DUTY_DESK,
    )
    if after is not None:
        query = query.where(tuple_(Referral.next_action_at, Referral.id) > tuple_(after[1], after[0]))
    found = session.execute(query.order_by(Referral.next_action_at, Referral.id).limit(limit))
    return [(ident, due) for ident, due in found if due is not None]


def calm(session: Session, at: datetime) -> int:
    """What was late and is no longer is off the ladder; how many."""
    over = or_(Referral.next_action_at >= at, written(IS_CLOSED))
    done = session.execute(
        update(Referral).where(Referral.rung > 0, over).values(rung=0, escalated=False).returning(Referral.id)
    )
    return len(done.all())
