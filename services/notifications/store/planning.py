"""Events heard and still to be planned, found and moved on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.domain.overtaking import Event
from services.notifications.domain.states import PlanState
from services.notifications.store.tables.planning import Planning

LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class UnknownKind:
    """A type of event that came and that nobody has written a rule for."""

    event_type: str
    source: str
    count: int
    last_at: datetime


def keep(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write down events to be planned; one that is there already stays as it is."""
    if rows:
        session.execute(insert(Planning).values(list(rows)).on_conflict_do_nothing())


def take(session: Session, at: datetime, limit: int) -> list[Planning]:
    """Events whose turn it is, oldest first; nobody else gets them for a minute."""
    chosen = (
        select(Planning.id)
        .where(Planning.state == PlanState.WAITING, Planning.due_at <= at)
        .order_by(Planning.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(
        update(Planning)
        .where(Planning.id.in_(chosen.scalar_subquery()))
        .values(due_at=at + LEASE, tries=Planning.tries + 1)
        .returning(Planning)
    )
    return sorted(rows, key=lambda row: row.id)


def lock_waiting(session: Session, ids: Collection[int]) -> dict[int, Planning]:
    """Those of `ids` that are still waiting, locked, by id."""
    rows = session.scalars(
        select(Planning)
        .where(Planning.id.in_(ids), Planning.state == PlanState.WAITING)
        .order_by(Planning.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def events_of(session: Session, referrals: Iterable[UUID | None]) -> dict[UUID, list[Event]]:
    """All we heard of these referrals, by referral."""
    wanted = {referral for referral in referrals if referral is not None}
    found: dict[UUID, list[Event]] = defaultdict(list)
    if wanted:
        for row in session.scalars(select(Planning).where(Planning.referral_id.in_(wanted))):
            if row.referral_id is not None:
                found[row.referral_id].append(as_event(row))
    return found


def as_event(row: Planning) -> Event:
    """A row as the rules see it."""
    hold = timedelta(seconds=row.hold_seconds)
    return Event(row.source, row.event_id, row.event_type, row.event_at, hold, row.undoes)


def unknown_kinds(session: Session) -> list[UnknownKind]:
    """The types nobody has written a rule for, the latest first."""
    latest = func.max(Planning.received_at)
    rows = session.execute(
        select(Planning.event_type, Planning.source, func.count(), latest)
        .where(Planning.state == PlanState.UNKNOWN)
        .group_by(Planning.event_type, Planning.source)
        .order_by(latest.desc())
    )
    return [UnknownKind(*row) for row in rows]


def plan_again(session: Session, event_types: Collection[str], at: datetime) -> int:
    """Have kept events of `event_types`, unknown when they came, planned now; returns how many."""
    done = session.execute(
        update(Planning)
        .where(Planning.state == PlanState.UNKNOWN, Planning.event_type.in_(event_types))
        .values(state=PlanState.WAITING, due_at=at, reason="")
        .returning(Planning.id)
    )
    return len(done.all())


def clear_old(session: Session, before: datetime) -> int:
    """Forget what was received before `before` and is not waiting; returns how many."""
    done = session.execute(
        delete(Planning)
        .where(Planning.received_at < before, Planning.state != PlanState.WAITING)
        .returning(Planning.id)
    )
    return len(done.all())
