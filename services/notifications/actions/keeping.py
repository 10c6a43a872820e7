"""What runs by itself: forgetting what is no longer needed, sealing the log; and how sending is going."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.notifications.domain.rules import RULES
from services.notifications.domain.states import PlanState, State
from services.notifications.store import planning, providers
from services.notifications.store.database import database
from services.notifications.store.planning import UnknownKind
from services.notifications.store.relay import AccessLog, AccessSeal, Inbox
from services.notifications.store.signin import SessionSeen
from services.notifications.store.tables.messages import Message, Notice
from services.notifications.store.tables.planning import Planning
from services.notifications.store.tables.providers import CaughtLetter, Provider
from shared import audit, inbox

EVENTS_KEPT = timedelta(days=30)
LETTERS_KEPT = timedelta(days=30)
SESSIONS_KEPT = timedelta(days=2)
READ_NOTICES_KEPT = timedelta(days=180)


@dataclass(frozen=True)
class Overview:
    """How sending is going: totals alone, for whoever runs a place. `oldest_due`: since when it waits.

    What was told of a restricted referral is in no total: one more letter tells that there is somebody.
    """

    unplanned: int
    by_state: Mapping[str, int]
    oldest_due: datetime | None
    providers: list[Provider]
    unknown: list[UnknownKind]


def clear_old(at: datetime) -> dict[str, int]:
    """Forget what is over: what was forgotten, and how many. Messages stay: they say who was told what."""
    with database.transaction() as session:
        return {
            "inbox": inbox.clear_old(session, Inbox, at),
            "planning": planning.clear_old(session, at - EVENTS_KEPT),
            "letters": _forget_letters(session, at - LETTERS_KEPT),
            "sessions": _forget_sessions(session, at - SESSIONS_KEPT),
            "notices": _forget_notices(session, at - READ_NOTICES_KEPT),
        }


def seal_access_log() -> int:
    """Chain what was written to the access log since; returns how many rows."""
    with database.transaction() as session:
        return audit.seal(session, AccessLog, AccessSeal)


def verify_access_log() -> audit.Verdict:
    """Walk the chain from its start."""
    with database.transaction() as session:
        return audit.verify(session, AccessLog, AccessSeal)


def plan_unknown_again(at: datetime) -> int:
    """Plan kept events for whose type there is a rule by now; returns how many."""
    with database.transaction() as session:
        return planning.plan_again(session, list(RULES), at)


def read_overview(at: datetime) -> Overview:
    """How things stand at the moment `at`."""
    shown = Message.restricted.is_(False)
    with database.transaction() as session:
        counted = session.execute(
            select(Message.status, func.count())
            .where(Message.status.in_((State.QUEUED, State.HELD, State.SENDING, State.FAILED)), shown)
            .group_by(Message.status)
        )
        return Overview(
            by_state=dict(row for row in counted),
            unplanned=session.scalar(
                select(func.count()).select_from(Planning).where(Planning.state == PlanState.WAITING)
            )
            or 0,
            oldest_due=session.scalar(
                select(func.min(Message.due_at)).where(
                    Message.status == State.QUEUED, Message.due_at <= at, shown
                )
            ),
            providers=providers.all_of(session),
            unknown=planning.unknown_kinds(session),
        )


def _forget_letters(session: Session, before: datetime) -> int:
    gone = session.execute(
        delete(CaughtLetter).where(CaughtLetter.received_at < before).returning(CaughtLetter.id)
    )
    return len(gone.all())


def _forget_sessions(session: Session, before: datetime) -> int:
    gone = session.execute(delete(SessionSeen).where(SessionSeen.seen_at < before).returning(SessionSeen.sid))
    return len(gone.all())


def _forget_notices(session: Session, before: datetime) -> int:
    gone = session.execute(delete(Notice).where(Notice.read_at < before).returning(Notice.message_id))
    return len(gone.all())
