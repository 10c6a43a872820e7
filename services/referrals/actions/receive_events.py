"""What the directory tells us: ended sessions, people who left a team, changes to services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.referrals.actions.acting import open_scene, perform
from services.referrals.actions.seeing import SYSTEM
from services.referrals.actions.signing_in import keys
from services.referrals.clients.directory import client
from services.referrals.domain.states import Act
from services.referrals.store.database import database
from services.referrals.store.lists import written
from services.referrals.store.relay import Feed, Inbox
from services.referrals.store.signin import SessionSeen
from services.referrals.store.tables import Referral
from services.referrals.store.tables.referrals import IS_WORKED
from shared import feed, inbox

Event = Mapping[str, Any]
ASK_FOR_SNAPSHOT = frozenset({"routing.changed.v1", "service.updated.v1"})


def receive_events(events: Sequence[Event], *, at: datetime) -> bool:
    """Act on each event once; returns whether the routing snapshot should be pulled now."""
    with database.transaction() as session:
        fresh = inbox.take(session, Inbox, events, at)
        for event in fresh:
            handler = _HANDLERS.get(str(event["type"]))
            if handler is not None:
                handler(session, event.get("data", {}), at)
    return any(event["type"] in ASK_FOR_SNAPSHOT for event in fresh)


def catch_up(*, at: datetime) -> bool:
    """Read the directory's own list, for what a wiped broker lost; returns as `receive_events` does."""
    pull = False

    def take(events: Sequence[Event]) -> int:
        nonlocal pull
        pull = receive_events(events, at=at) or pull
        return len(events)

    feed.catch_up(client, database, Feed, take, at)
    return pull


def _end_session(session: Session, data: Mapping[str, Any], at: datetime) -> None:
    sid = str(data.get("sid") or "")
    if sid:
        session.execute(
            insert(SessionSeen)
            .values(sid=sid, seen_at=at, ended_at=at)
            .on_conflict_do_update(index_elements=["sid"], set_={"ended_at": at})
        )


def _release_work(session: Session, data: Mapping[str, Any], at: datetime) -> None:
    """Whoever has left a team keeps nothing of its work: it goes back to the team's queue."""
    if not data.get("account_id"):
        return
    query = select(Referral.id).where(
        Referral.assignee_id == UUID(str(data["account_id"])), written(IS_WORKED)
    )
    if data.get("team_id"):
        query = query.where(Referral.owner_team_id == UUID(str(data["team_id"])))
    elif data.get("organization_id"):
        query = query.where(Referral.owner_org_id == UUID(str(data["organization_id"])))
    for referral_id in session.scalars(query.order_by(Referral.id)).all():
        scene = open_scene(session, referral_id, by=SYSTEM, at=at)
        perform(scene, Act.RELEASE, reason="leaving", purpose="somebody left the team")


def _withdraw_key(session: Session, data: Mapping[str, Any], at: datetime) -> None:
    """The directory signs with it no more, because somebody else may: no token of it is good."""
    if kid := str(data.get("kid") or ""):
        keys.withdraw(session, [kid], at)


_HANDLERS: dict[str, Callable[[Session, Mapping[str, Any], datetime], None]] = {
    "session.ended.v1": _end_session,
    "membership.ended.v1": _release_work,
    "key.withdrawn.v1": _withdraw_key,
}
