"""What an account's owner is shown of its life, and the letters about it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.domain.links import LIFE, LinkKind
from services.directory.store.identity import Account, AccountEvent, ActionLink
from services.directory.store.memberships import end_browser_sessions
from services.directory.store.outbox import outbox


def note(session: Session, account_id: UUID, what: str, at: datetime, browser: str = "") -> None:
    """Write down one thing that happened to an account."""
    session.add(AccountEvent(account_id=account_id, at=at, what=what, browser=browser))


def latest(session: Session, account_id: UUID, limit: int = 20) -> list[AccountEvent]:
    """The newest first."""
    return list(
        session.scalars(
            select(AccountEvent)
            .where(AccountEvent.account_id == account_id)
            .order_by(AccountEvent.at.desc(), AccountEvent.id.desc())
            .limit(limit)
        )
    )


def end_sessions(
    session: Session,
    account_id: UUID,
    at: datetime,
    *,
    only: list[str] | None = None,
    keep: str | None = None,
) -> int:
    """End sessions and tell the other services of each; returns how many."""
    ended = end_browser_sessions(session, account_id, at, only=only, keep=keep)
    for sid in ended:
        outbox.add(session, "session.ended.v1", subject=sid, at=at, sid=sid)
    return len(ended)


def send_letter(session: Session, link: ActionLink, at: datetime, *, urgent: bool = True) -> None:
    """Ask for the letter of `link` to be sent; its address is asked for, and its token made, when it is."""
    session.add(link)
    session.flush()
    outbox.add(
        session,
        "account.notice.v1",
        subject=link.id,
        at=at,
        link_id=str(link.id),
        account_id=str(link.account_id) if link.account_id else None,
        kind=str(link.kind),
        urgent=urgent,
    )


def tell_owner(session: Session, account: Account, kind: LinkKind, at: datetime) -> None:
    """Tell the account's owner what happened to it; they may not be the one who did it."""
    link = ActionLink(
        kind=kind,
        account_id=account.id,
        email=account.email,
        created_by=str(account.id),
        created_at=at,
        expires_at=at + LIFE[kind],
    )
    send_letter(session, link, at)
