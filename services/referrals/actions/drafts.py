"""Forms in progress: kept for their own account alone, for a week, and never sent by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from services.referrals.actions.list_views import DraftView
from services.referrals.actions.seeing import account_of
from services.referrals.store.database import database
from services.referrals.store.tables import Draft
from shared.auth.caller import Caller
from shared.errors import Invalid, NotFound

KEPT = timedelta(days=7)
MOST = 20


def save_draft(data: dict[str, Any], *, by: Caller, at: datetime, draft_id: UUID | None = None) -> DraftView:
    """Keep what was typed; NotFound where `draft_id` is not the caller's."""
    with database.transaction() as session:
        if draft_id is not None:
            row = session.get(Draft, draft_id, with_for_update=True)
            if row is None or row.account_id != account_of(by):
                raise NotFound("This form is not here any more. Start again.")
            row.data, row.updated_at = data, at
        else:
            row = Draft(account_id=_account(by), data=data, created_at=at, updated_at=at)
            session.add(row)
        session.flush()
        return DraftView(row.id, row.data, row.updated_at)


def read_draft(draft_id: UUID, *, by: Caller) -> DraftView:
    """The caller's own draft. Raises NotFound."""
    with database.transaction() as session:
        row = session.get(Draft, draft_id)
        if row is None or row.account_id != account_of(by):
            raise NotFound("This form is not here any more. Start again.")
        return DraftView(row.id, row.data, row.updated_at)


def list_drafts(*, by: Caller) -> tuple[DraftView, ...]:
    """The caller's own drafts, newest first; at most 20."""
    with database.transaction() as session:
        query = (
            select(Draft)
            .where(Draft.account_id == account_of(by))
            .order_by(Draft.updated_at.desc())
            .limit(MOST)
        )
        return tuple(DraftView(row.id, row.data, row.updated_at) for row in session.scalars(query))


def discard_draft(draft_id: UUID, *, by: Caller) -> None:
    """Throw it away; safe to do twice."""
    with database.transaction() as session:
        session.execute(delete(Draft).where(Draft.id == draft_id, Draft.account_id == account_of(by)))


def clear_drafts(*, at: datetime) -> int:
    """Throw away what nobody has touched for a week; returns how many."""
    with database.transaction() as session:
        gone = session.execute(delete(Draft).where(Draft.updated_at < at - KEPT).returning(Draft.id))
        return len(gone.all())


def _account(by: Caller) -> UUID:
    account = account_of(by)
    if account is None:
        raise Invalid.field("", "Sign in to keep a form.")
    return account
