"""What runs by itself: forgetting what is no longer needed, sealing the log, taking events in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.directory.actions import attempts, browsers, keys, links, unmet_needs
from services.directory.domain.sessions import ENDED_KEPT
from services.directory.domain.waits import read_measured
from services.directory.store.database import database
from services.directory.store.identity import AccountEvent, BrowserSession, PendingSignIn, SessionSeen
from services.directory.store.outbox import outbox
from services.directory.store.relay import AccessLog, AccessSeal, Idempotency, Inbox
from services.directory.store.search_refresh import forget_ended
from services.directory.store.waits import keep_measured
from shared import audit, idempotency, inbox
from shared.clock import uk_date

# As long as the table's trigger wants it; a day more, for clocks that differ.
EVENTS_KEPT = timedelta(days=401)


def clear_old(at: datetime) -> dict[str, int]:
    """Forget what is over: what was forgotten, and how many."""
    counts = {"outbox": outbox.clear_old(at), "keys": keys.remove_old_keys(at)}
    with database.transaction() as session:
        counts["inbox"] = inbox.clear_old(session, Inbox, at)
        counts["idempotency"] = idempotency.clear_old(session, Idempotency, at)
        counts["attempts"] = attempts.forget_old(session, at)
        counts["browsers"] = browsers.forget_old(session, at)
        counts["links"] = links.forget_old(session, at - ENDED_KEPT)
        counts["sessions"] = _forget_sessions(session, at)
        counts["unmet_needs"] = unmet_needs.forget_old(session, at)
        counts["hours_ended"] = forget_ended(session, uk_date(at))
        gone = session.execute(
            delete(AccountEvent).where(AccountEvent.at < at - EVENTS_KEPT).returning(AccountEvent.id)
        )
        counts["account_events"] = len(gone.all())
    return counts


def seal_access_log(at: datetime) -> int:  # noqa: ARG001 - every action is told the time
    """Chain what was written to the access log since; returns how many rows."""
    with database.transaction() as session:
        return audit.seal(session, AccessLog, AccessSeal)


def verify_access_log() -> audit.Verdict:
    """Walk the chain from its start."""
    with database.transaction() as session:
        return audit.verify(session, AccessLog, AccessSeal)


def receive_events(events: Sequence[Mapping[str, Any]], at: datetime) -> int:
    """Act on events of the other services, each once; returns how many were new.

    `capacity.measured.v1` of referrals is kept for its service. Raises Invalid for one that cannot be read.
    """
    with database.transaction() as session:
        fresh = inbox.take(session, Inbox, events, at)
        for event in fresh:
            if (event["source"], event["type"]) == ("/referrals", "capacity.measured.v1"):
                # Never newer than our own clock: one from the future would stand for ever.
                measured_at = min(datetime.fromisoformat(event["time"]), at) if event.get("time") else at
                keep_measured(session, *read_measured(event.get("data", {}), measured_at))
        return len(fresh)


def _forget_sessions(session: Session, at: datetime) -> int:
    session.execute(delete(PendingSignIn).where(PendingSignIn.expires_at < at))
    session.execute(delete(SessionSeen).where(SessionSeen.seen_at < at - ENDED_KEPT))
    gone = session.execute(
        delete(BrowserSession).where(BrowserSession.ends_at < at - ENDED_KEPT).returning(BrowserSession.sid)
    )
    return len(gone.all())
