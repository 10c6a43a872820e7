"""What happened, in order: for our own services everything, for a partner's system its own part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.actions.scopes import scope_of
from services.referrals.actions.seeing import see
from services.referrals.domain.views import View
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import read_directory
from services.referrals.store.events import events_after
from services.referrals.store.outbox import outbox
from shared.auth.caller import Caller, Kind
from shared.feed import feed_page, read_cursor
from shared.outbox import OutboxEntry, cloud_event

MOST = 200
FOR_COARSE = frozenset({"referral.received.v1"})


def read_events(
    *, by: Caller, at: datetime, after: str | None = None, limit: int = 100
) -> tuple[list[dict[str, Any]], str | None]:
    """CloudEvents after the cursor `after`, and the cursor to go on from (the same when nothing is new).

    A partner's system gets events of referrals its organisation sent or its teams hold, as far as it may read
    them now: senders who are told only received or closed get nothing that says more.
    """
    limit = max(1, min(limit, MOST))
    with database.transaction() as session:
        if by.kind is Kind.SERVICE:
            return feed_page(outbox, session, after, limit)
        scope = scope_of(by)
        rows = events_after(session, read_cursor(after), limit, scope.send_orgs, scope.work_teams)
        directory = read_directory(session)
        ids = {UUID(row.subject) for row in rows}
        found = {row.id: row for row in store.get_referrals(session, ids)}
        agreements = store.agreements_of(session, found)
        shown = []
        for row in rows:
            referral = found.get(UUID(row.subject))
            if referral is None:
                continue
            sight = see(by, referral, agreements[referral.id], directory, at)
            if sight.nothing or (sight.view is View.COARSE and row.type not in FOR_COARSE):
                continue
            shown.append(cloud_event(row, outbox.source))
        return shown, _next(rows, after)


def _next(rows: Sequence[OutboxEntry], after: str | None) -> str | None:
    return str(rows[-1].seq) if rows else after
