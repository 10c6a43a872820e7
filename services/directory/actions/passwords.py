"""Forgotten and changed passwords."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.directory.actions import account_log, attempts, browsers, links, second_factor
from services.directory.actions.signing_in import cheap_hashing
from services.directory.domain import passwords
from services.directory.domain.accounts import NEED_SECOND_FACTOR
from services.directory.domain.links import LIFE, LinkKind
from services.directory.store.database import database
from services.directory.store.identity import Account, ActionLink
from services.directory.store.memberships import account_by_email, held_by
from shared.auth import Caller
from shared.errors import Conflict, Invalid

WRONG_OLD = "That is not your password"
# Asking again within this time brings no second letter.
ONE_LETTER_IN = timedelta(minutes=2)


def forgotten(email: str, at: datetime) -> None:
    """Send a link for a new password, where there is somebody to send it to.

    For an address nobody has an account with, the same rows are written, for a link that is over at once
    and goes nowhere: the answer is the same in words and in time.
    """
    with database.transaction() as session:
        account = account_by_email(session, email)
        recent = session.scalar(
            select(ActionLink.id)
            .where(
                ActionLink.account_id == (account.id if account else UUID(int=0)),
                ActionLink.kind == LinkKind.PASSWORD_RESET,
                ActionLink.created_at > at - ONE_LETTER_IN,
            )
            .limit(1)
        )
        goes = account is not None and account.active and recent is None
        link = ActionLink(
            kind=LinkKind.PASSWORD_RESET,
            account_id=account.id if goes and account else None,
            email=account.email if goes and account else "",
            created_by="nobody signed in",
            created_at=at,
            expires_at=at + LIFE[LinkKind.PASSWORD_RESET],
            revoked_at=None if goes else at,
        )
        account_log.send_letter(session, link, at)


def reset_link(token: str, at: datetime) -> str:
    """The e-mail address a reset link was sent to. Raises NotFound or Conflict (`links.open_link`)."""
    with database.transaction() as session:
        return links.open_link(session, token, LinkKind.PASSWORD_RESET, at).email


def reset(token: str, password: str, at: datetime) -> None:
    """Set a new password by a link; it ends every session and every other reset link.

    The second factor stays as it is. Raises Invalid, NotFound, Conflict.
    """
    with database.transaction() as session:
        link = links.open_link(session, token, LinkKind.PASSWORD_RESET, at, lock=True)
        account = session.get_one(Account, link.account_id, with_for_update=True)
        if not account.active or account.email != link.email:
            raise links.over("withdrawn")
        _set(session, account, password, at)
        link.used_at = at
        attempts.forget(session, attempts.of_password(account.email, None, None))
        account_log.end_sessions(session, account.id, at)
        account_log.note(session, account.id, "password_reset", at)


def change(by: Caller, old: str, new: str, at: datetime) -> None:
    """Change one's own password; ends every other session. Raises Invalid and TooMany."""
    account = _proved(by, old, at, pointer="/old")
    with database.transaction() as session:
        account = session.get_one(Account, account.id, with_for_update=True)
        if old == new:
            raise Invalid.field("/password", "Choose a password that is not the one you have now")
        _set(session, account, new, at)
        account_log.end_sessions(session, account.id, at, keep=by.session)
        account_log.note(session, account.id, "password_changed", at)


def turn_off_second_factor(by: Caller, password: str, at: datetime) -> None:
    """Do without the second factor, where the roles allow that. Raises Conflict, Invalid, TooMany."""
    proved = _proved(by, password, at)
    with database.transaction() as session:
        account = session.get_one(Account, proved.id, with_for_update=True)
        if any(held.role in NEED_SECOND_FACTOR for held in held_by(session, account.id)):
            raise Conflict("Your role needs a second step when signing in, so it cannot be turned off.")
        second_factor.turn_off(session, account, at)


def replace_recovery_codes(by: Caller, password: str, at: datetime) -> list[str]:
    """Ten new recovery codes, shown this once. Raises Conflict, Invalid, TooMany."""
    proved = _proved(by, password, at)
    with database.transaction() as session:
        account = session.get_one(Account, proved.id, with_for_update=True)
        if account.totp_secret is None:
            raise Conflict("Set up the second step first.")
        return second_factor.new_recovery_codes(session, account, at)


def _proved(by: Caller, password: str, at: datetime, pointer: str = "/password") -> Account:
    """The caller's account, where `password` is theirs; a browser left open is not enough."""
    counters = attempts.of_session(UUID(by.sub))
    with database.transaction() as session:
        account = session.get_one(Account, UUID(by.sub))
        attempts.count(session, counters, at)
    if not passwords.fits(account.password_hash, password, cheap=cheap_hashing()):
        raise Invalid.field(pointer, WRONG_OLD)
    with database.transaction() as session:
        attempts.forget(session, counters)
    return account


def _set(session: Session, account: Account, password: str, at: datetime) -> None:
    passwords.check(password, name=account.name, email=account.email)
    account.password_hash = passwords.hash_of(password, cheap=cheap_hashing())
    account.password_changed_at = at
    session.execute(
        update(ActionLink)
        .where(
            ActionLink.account_id == account.id,
            ActionLink.kind == LinkKind.PASSWORD_RESET,
            ActionLink.used_at.is_(None),
            ActionLink.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    browsers.forget(session, account)
    account_log.tell_owner(session, account, LinkKind.PASSWORD_CHANGED, at)
