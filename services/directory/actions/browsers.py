"""The browsers somebody signed in with before: known by a long random cookie, of which a hash is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from services.directory.domain.sessions import BROWSER_KEPT, new_token, token_hash
from services.directory.store.identity import Account, KnownBrowser


def known(session: Session, email: str, token: str) -> bytes | None:
    """The hash of `token` where the account with this address signed in with that browser before."""
    if not token:
        return None
    return session.scalar(
        select(KnownBrowser.token_hash)
        .join(Account, Account.id == KnownBrowser.account_id)
        .where(
            KnownBrowser.token_hash == token_hash(token),
            func.lower(Account.email) == email.strip().lower(),
        )
    )


def remember(session: Session, account: Account, token: str, at: datetime) -> tuple[str, bool]:
    """Know this browser from now on: the token to leave with it, and whether it is a new place.

    A browser that is new to the account gets a fresh token, which whoever else signed in with it is known
    by as well: nobody can plant one they know. An account that was never used anywhere has no new place.
    """
    browsers = session.scalars(
        select(KnownBrowser).where(KnownBrowser.account_id == account.id).with_for_update()
    ).all()
    here = token_hash(token)
    for each in browsers:
        if token and each.token_hash == here:
            each.seen_at = at
            return token, False
    fresh = new_token()
    session.execute(
        update(KnownBrowser)
        .where(KnownBrowser.token_hash == here)
        .values(token_hash=token_hash(fresh))
        .execution_options(synchronize_session=False)
    )
    session.add(KnownBrowser(account_id=account.id, token_hash=token_hash(fresh), seen_at=at))
    return fresh, bool(browsers)


def forget(session: Session, account: Account) -> None:
    """Know none of the account's browsers any more (its password was changed, maybe because of one)."""
    session.execute(delete(KnownBrowser).where(KnownBrowser.account_id == account.id))


def forget_old(session: Session, at: datetime) -> int:
    """Drop browsers nobody signed in with for as long as their cookie lives; returns how many."""
    gone = session.execute(
        delete(KnownBrowser)
        .where(KnownBrowser.seen_at < at - BROWSER_KEPT)
        .returning(KnownBrowser.account_id)
    )
    return len(gone.all())
