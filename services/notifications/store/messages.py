"""Messages on their way: taken under a lease, tried, settled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.domain.delivery import UNANSWERED, Outcome
from services.notifications.domain.rules import Channel
from services.notifications.domain.states import State, Step, after, allow
from services.notifications.store.tables.messages import Attempt, Message
from services.notifications.store.tables.preferences import Preference

LEASE = timedelta(seconds=60)


def add(session: Session, rows: Sequence[dict[str, Any]]) -> list[UUID]:
    """Queue messages; one that is there already for its event, recipient and channel is left alone."""
    if not rows:
        return []
    once = insert(Message).values(list(rows)).on_conflict_do_nothing(constraint="uq_message_once")
    return list(session.scalars(once.returning(Message.id)))


def take_due(session: Session, at: datetime, worker: str, limit: int) -> list[Message]:
    """Messages whose time has come, urgent ones first, leased to `worker` for a minute."""
    chosen = (
        select(Message.id)
        .where(Message.status == State.QUEUED, Message.due_at <= at)
        .order_by(Message.priority, Message.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(
        update(Message)
        .where(Message.id.in_(chosen.scalar_subquery()))
        .values(status=after(State.QUEUED, Step.TAKE), lease_until=at + LEASE, leased_by=worker)
        .returning(Message)
    )
    return sorted(rows, key=lambda row: (row.priority, row.due_at, row.id))


def lock_leased(session: Session, ids: Collection[UUID], worker: str) -> list[Message]:
    """Those of `ids` that `worker` still holds, locked."""
    return list(
        session.scalars(
            select(Message)
            .where(Message.id.in_(ids), Message.status == State.SENDING, Message.leased_by == worker)
            .order_by(Message.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def lock(session: Session, message_id: UUID) -> Message | None:
    """One message, locked."""
    return session.get(Message, message_id, with_for_update=True, populate_existing=True)


def move(row: Message, step: Step, reason: str = "") -> None:
    """Move a locked row on; the lease ends with the state `sending`. Raises Conflict."""
    row.status = after(State(row.status), step)
    row.reason = reason
    if row.status != State.SENDING:
        row.lease_until = row.leased_by = None
    if row.status not in (State.SENDING, State.QUEUED):
        row.sealed_url = None


def unsent_of(session: Session, referrals: Iterable[UUID]) -> list[Message]:
    """Messages about these referrals that may still be cancelled, locked."""
    return list(
        session.scalars(
            select(Message)
            .where(
                Message.referral_id.in_(set(referrals)),
                Message.status.in_(allow(Step.CANCEL) - {State.SENDING}),
            )
            .order_by(Message.id)
            .with_for_update()
        )
    )


def letters_beside(session: Session, rows: Collection[Message]) -> list[Message]:
    """The other letters about the events that `rows` tell of, to the same organisations, not cancelled."""
    told = {(row.source, row.event_id, row.organization_id) for row in rows}
    return list(
        session.scalars(
            select(Message)
            .where(
                tuple_(Message.source, Message.event_id, Message.organization_id).in_(told),
                Message.id.not_in([row.id for row in rows]),
                Message.channel == Channel.EMAIL,
                Message.status != State.CANCELLED,
            )
            .order_by(Message.id)
        )
    )


def expired(session: Session, at: datetime, limit: int) -> list[Message]:
    """Messages whose lease ran out, locked: their worker is gone."""
    return list(
        session.scalars(
            select(Message)
            .where(Message.status == State.SENDING, Message.lease_until < at)
            .order_by(Message.lease_until)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def close_open_attempts(session: Session, messages: Collection[UUID], at: datetime) -> None:
    """Say of tries that were never answered that nobody knows what came of them."""
    session.execute(
        update(Attempt)
        .where(Attempt.message_id.in_(messages), Attempt.outcome.is_(None))
        .values(outcome=Outcome.UNCLEAR, answer=UNANSWERED, answered_at=at)
    )


def switched_off(session: Session, accounts: Collection[UUID]) -> set[tuple[UUID, str, str]]:
    """What these accounts do not want: (account, template, channel)."""
    if not accounts:
        return set()
    rows = session.execute(
        select(Preference.account_id, Preference.template, Preference.channel).where(
            Preference.account_id.in_(accounts), Preference.wanted.is_(False)
        )
    )
    return {(account, template, channel) for account, template, channel in rows}
