"""Counts for the filters of working lists, read from the same indexes as the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.referrals.store.lists import partial_index, written
from services.referrals.store.tables import Referral


def count_by_state(
    session: Session, where: ColumnElement[bool], states: Sequence[str], at: datetime
) -> list[tuple[UUID, str, int, int]]:
    """`(team, state, how many, how many of them due before `at`)`, for what `where` lets through."""
    query = (
        select(
            Referral.owner_team_id,
            Referral.status,
            func.count(),
            func.count().filter(Referral.next_action_at < at),
        )
        .where(where, Referral.status.in_(list(states)), written(partial_index(states)))
        .group_by(Referral.owner_team_id, Referral.status)
    )
    return [(team, status, total, late) for team, status, total, late in session.execute(query) if team]
