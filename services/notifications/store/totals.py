"""How many messages and events wait, and since when. Read on the indexes of what is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from services.notifications.domain.states import PlanState, State
from services.notifications.store.tables.messages import Message
from services.notifications.store.tables.planning import Planning

# Those on their way, and those that did not arrive, however old.
UNDER_WAY = (State.QUEUED, State.SENDING, State.FAILED)
# What arrived is history: of it only the last day is counted.
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Totals:
    """`late`: messages that should have gone; `late_since`: when the first of them was queued.

    `of_day`: those queued within the last 24 hours, but for restricted referrals, by where they stand now.
    """

    by_state: dict[State, int]
    of_day: dict[State, int]
    late: int
    late_since: datetime | None
    unplanned: int
    unplanned_since: datetime | None


def count_totals(session: Session, at: datetime) -> Totals:
    """Six queries, each on an index of its own."""
    by_state = {state: _count(session, Message.status == state.value) for state in UNDER_WAY}
    # One that was tried is due again later, and is late all the same.
    late = or_(Message.due_at <= at, Message.tries > 0)
    unplanned = select(func.count(), func.min(Planning.received_at)).where(
        Planning.state == PlanState.WAITING, Planning.due_at <= at
    )
    waiting = select(func.count(), func.min(Message.queued_at)).where(Message.status == State.QUEUED, late)
    return Totals(
        by_state, _of_day(session, at), *session.execute(waiting).one(), *session.execute(unplanned).one()
    )


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Message).where(which)) or 0


def _of_day(session: Session, at: datetime) -> dict[State, int]:
    found = select(Message.status, func.count().label("number")).where(
        ~Message.restricted, Message.queued_at > at - DAY, Message.queued_at <= at
    )
    counted = {row.status: row.number for row in session.execute(found.group_by(Message.status))}
    return {state: counted.get(state, 0) for state in State}
