"""The outbox read as a feed, cut to what one partner's organisations and teams have a part in."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from services.referrals.store.relay import Outbox

_SETTLED = text("txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def events_after(
    session: Session, after: int, limit: int, orgs: Collection[UUID], teams: Collection[UUID]
) -> list[Outbox]:
    """Events of referrals sent by `orgs` or held by `teams`, in order, none still to be overtaken."""
    sent_by = Outbox.data["organization_id"].astext.in_([str(org) for org in orgs])
    held_by = Outbox.data["team_id"].astext.in_([str(team) for team in teams])
    query = (
        select(Outbox)
        .where(Outbox.seq > after, Outbox.type.like("referral.%"), _SETTLED, or_(sent_by, held_by))
        .order_by(Outbox.seq)
        .limit(limit)
    )
    return list(session.scalars(query))


def place_of_event(session: Session, event_id: UUID) -> int | None:
    """Where in the order the event with this id stands; None where it is not kept any more."""
    return session.scalar(select(Outbox.seq).where(Outbox.id == event_id))
