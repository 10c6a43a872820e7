"""What happened, in order: for our own services everything, for a partner's system its own part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.scopes import scope_of
from services.referrals.actions.seeing import see
from services.referrals.domain.moves import UNDO_WITHIN, UNDOABLE
from services.referrals.domain.states import Act
from services.referrals.domain.views import View, told_as
from services.referrals.events import ALARMED, EVENT_OF_ACT
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.events import events_after, place_of_event
from services.referrals.store.outbox import outbox
from services.referrals.store.relay import Outbox
from services.referrals.store.tables import Referral
from shared.auth.caller import Caller, Kind
from shared.errors import Malformed
from shared.feed import feed_page
from shared.outbox import cloud_event

MOST = 200
INSIDE = frozenset({ALARMED})
"""What a team wrote of danger is not for the sender's system."""
FOR_COARSE = frozenset({"referral.received.v1"})


def read_events(
    *, by: Caller, at: datetime, after: str | None = None, limit: int = 100
) -> tuple[list[dict[str, Any]], str | None]:
    """CloudEvents after the cursor `after`, and the cursor to go on from (the same when nothing is new).

    A partner's system gets events of referrals its organisation sent or its teams hold, as far as it may read
    them now, in the words its view has for them: senders who are told only received or closed get nothing
    that says more. Its cursor is the id of the last event it was given, so that nothing it was not given can
    be read from it. Raises Malformed for a cursor that is not ours.
    """
    limit = max(1, min(limit, MOST))
    with database.transaction() as session:
        if by.kind is Kind.SERVICE:
            return feed_page(outbox, session, after, limit)
        scope = scope_of(by, read_directory(session))
        place = _place_after(session, after)
        shown: list[dict[str, Any]] = []
        while len(shown) < limit:
            rows = events_after(session, place, MOST, scope.send_orgs, scope.work_teams)
            shown += _told(session, rows, by, at)
            if len(rows) < MOST:
                break
            place = rows[-1].seq
        items = shown[:limit]
        return items, str(items[-1]["id"]) if items else after


def _place_after(session: Session, after: str | None) -> int:
    """Where this cursor stands. One whose event is deleted by now is older than all that is kept."""
    if not after:
        return 0
    try:
        return place_of_event(session, UUID(after)) or 0
    except ValueError as wrong:
        raise Malformed(
            "This cursor is not one we gave. Leave it out to start from the beginning."
        ) from wrong


def _told(session: Session, rows: Sequence[Outbox], by: Caller, at: datetime) -> list[dict[str, Any]]:
    directory = read_directory(session)
    found = {row.id: row for row in store.get_referrals(session, {UUID(row.subject) for row in rows})}
    agreements = store.agreements_of(session, found)
    told = []
    for row in rows:
        referral = found.get(UUID(row.subject))
        if referral is None:
            continue
        sight = see(by, referral, agreements[referral.id], directory, at)
        if sight.nothing or (sight.view is View.COARSE and row.type not in FOR_COARSE):
            continue
        if row.type in INSIDE and sight.view is not View.HOLDER:
            continue
        event = cloud_event(row, outbox.source)
        told.append(event if sight.view is View.HOLDER else _as_told(event, referral, directory))
    return told


def _as_told(event: dict[str, Any], row: Referral, directory: Directory) -> dict[str, Any]:
    """As senders read it: no team to which somebody passed it on, and some acts as another."""
    if not _names_team(event["data"].get("team_id"), row, directory):
        event = event | {"data": event["data"] | {"team_id": None}}
    act = Act(event["data"]["act"])
    read_as = told_as(act)
    if read_as is act:
        return event
    data = event["data"] | {"act": read_as.value}
    if read_as in UNDOABLE:
        data["hold_seconds"] = int(UNDO_WITHIN.total_seconds())
    return event | {"type": EVENT_OF_ACT[read_as.value], "data": data}


def _names_team(team_id: str | None, row: Referral, directory: Directory) -> bool:
    """Whether the sender reads that it was this team: as in the referral itself, now and before."""
    if team_id is None or UUID(team_id) == row.received_team_id or directory.is_desk(UUID(team_id)):
        return True
    return row.owner_named and UUID(team_id) == row.owner_team_id
