"""A person's sign-ins: renewed by use, listed, ended; and which organisation they act for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.directory import config
from services.directory.actions import account_log
from services.directory.actions.keys import ring
from services.directory.actions.tokens import session_token, usable
from services.directory.store.database import database
from services.directory.store.identity import BrowserSession
from services.directory.store.memberships import held_by
from shared.auth import Caller, Kind
from shared.auth.sessions import AWAY_LIMIT, ENDED, IDLE_LIMIT, RENEW_AFTER
from shared.auth.tokens import AUDIENCE, read
from shared.errors import NotFound, Unauthenticated


@dataclass(frozen=True)
class OpenSession:
    """One of a person's sign-ins, for them to know it by."""

    sid: str
    browser: str
    started_at: datetime
    used_at: datetime
    is_this_one: bool


def renew(token: str, at: datetime) -> str:
    """A new token for the session of `token`, with what the person is now. Raises Unauthenticated.

    An ended token is renewed too: whether the person was idle is known where they were working. One older
    than 8 hours is not.
    """
    claims = read(token, ring.find, audience=AUDIENCE, issuer=config.issuer())
    issued = datetime.fromtimestamp(float(claims["iat"]), UTC)
    if claims.get("kind") != Kind.PERSON or not claims.get("sid") or at - issued > AWAY_LIMIT:
        raise Unauthenticated(ENDED)
    with database.transaction() as session:
        opened = session.get(BrowserSession, str(claims["sid"]), options=[joinedload(BrowserSession.account)])
        if opened is None or opened.ended_at is not None or at >= opened.ends_at:
            raise Unauthenticated(ENDED)
        if not opened.account.active or str(opened.account_id) != claims["sub"]:
            raise Unauthenticated(ENDED)
        opened.renewed_at = at
        return _token(session, opened, at)


def act_for(by: Caller, organization_id: UUID, at: datetime) -> str:
    """Act for another of one's organisations; the new token. Raises NotFound for somebody else's."""
    with database.transaction() as session:
        opened = _own(session, by, str(by.session))
        held = usable(held_by(session, opened.account_id), opened)
        if organization_id not in {h.organization_id for h in held}:
            raise NotFound
        opened.acting_organization_id = organization_id
        opened.renewed_at = at
        return _token(session, opened, at)


def again(by: Caller, at: datetime) -> str:
    """A new token with what the caller is by now (they just joined an organisation, say)."""
    with database.transaction() as session:
        opened = _own(session, by, str(by.session))
        opened.renewed_at = at
        return _token(session, opened, at)


def sign_out(by: Caller, at: datetime) -> None:
    """End this browser's session, everywhere."""
    with database.transaction() as session:
        if account_log.end_sessions(session, UUID(by.sub), at, only=[str(by.session)]):
            account_log.note(session, UUID(by.sub), "signed_out", at)


def sign_out_everywhere(by: Caller, at: datetime) -> int:
    """End every session of the caller, this one too; returns how many."""
    with database.transaction() as session:
        ended = account_log.end_sessions(session, UUID(by.sub), at)
        account_log.note(session, UUID(by.sub), "signed_out_everywhere", at)
        return ended


def end_one(by: Caller, sid: str, at: datetime) -> None:
    """End one of the caller's own sessions. Raises NotFound for anybody else's."""
    with database.transaction() as session:
        _own(session, by, sid)
        account_log.end_sessions(session, UUID(by.sub), at, only=[sid])
        account_log.note(session, UUID(by.sub), "session_ended", at)


def open_sessions(session: Session, by: Caller, at: datetime) -> list[OpenSession]:
    """The caller's sessions that are still in use, the newest first."""
    rows = session.scalars(
        select(BrowserSession)
        .where(
            BrowserSession.account_id == UUID(by.sub),
            BrowserSession.ended_at.is_(None),
            BrowserSession.ends_at > at,
            BrowserSession.renewed_at > at - IDLE_LIMIT - RENEW_AFTER,
        )
        .order_by(BrowserSession.started_at.desc())
    )
    return [
        OpenSession(row.sid, row.browser, row.started_at, row.renewed_at, row.sid == by.session)
        for row in rows
    ]


def _own(session: Session, by: Caller, sid: str) -> BrowserSession:
    opened = session.get(
        BrowserSession,
        sid,
        options=[joinedload(BrowserSession.account)],
        with_for_update={"of": BrowserSession},
    )
    if opened is None or str(opened.account_id) != by.sub or opened.ended_at is not None:
        raise NotFound
    return opened


def _token(session: Session, opened: BrowserSession, at: datetime) -> str:
    return session_token(opened, opened.account, held_by(session, opened.account_id), at)
