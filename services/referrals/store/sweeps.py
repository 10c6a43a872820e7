"""Open work read in batches, for what has to be looked at although nobody opens it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, true, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.referrals.domain.ladder import Rung
from services.referrals.domain.states import State
from services.referrals.store.lists import written
from services.referrals.store.tables import LostLook, Referral
from services.referrals.store.tables.referrals import IS_CLOSED, IS_OPEN

Late = tuple[UUID, datetime]


EVERYTHING: ColumnElement[bool] = true()


def touched(
    since: datetime,
    *,
    teams: Iterable[UUID] = (),
    places: Iterable[UUID] = (),
    pairs: Iterable[tuple[UUID, UUID]] = (),
) -> ColumnElement[bool]:
    """What changed itself since, or is of these teams, these places, or went between two of a pair."""
    which = [Referral.updated_at >= since]
    if wanted := sorted(teams):
        which.append(Referral.owner_team_id.in_(wanted))
    if wanted := sorted(places):
        which.append(Referral.place_id.in_(wanted))
    for one, other in sorted(pairs):
        which.append(and_(Referral.owner_org_id == one, Referral.sender_org_id == other))
        which.append(and_(Referral.owner_org_id == other, Referral.sender_org_id == one))
    return or_(*which)


def open_after(
    session: Session, after: UUID | None, limit: int, which: ColumnElement[bool] = EVERYTHING
) -> Sequence[Referral]:
    """Open referrals by id, the next `limit` of them, of those that `which` lets through."""
    query = select(Referral).where(written(IS_OPEN), Referral.status != State.REQUESTED.value, which)
    if after is not None:
        query = query.where(Referral.id > after)
    return session.scalars(query.order_by(Referral.id).limit(limit)).all()


def last_look(session: Session) -> LostLook | None:
    """The last look for lost ones that was finished; None where there was none."""
    return session.get(LostLook, 1)


def keep_look(session: Session, at: datetime, footing: Mapping[str, str]) -> None:
    """Everything open is looked after, as of `at`."""
    put = insert(LostLook).values(id=1, looked_at=at, footing=dict(footing))
    fresh = {"looked_at": put.excluded.looked_at, "footing": put.excluded.footing}
    session.execute(put.on_conflict_do_update(index_elements=["id"], set_=fresh))


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
