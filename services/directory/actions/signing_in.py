"""Signing in: the password, then the code where one is needed. Nothing tells whether an account exists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory import config
from services.directory.actions import account_log, attempts, browsers, second_factor
from services.directory.actions.tokens import session_token
from services.directory.domain import passwords
from services.directory.domain.accounts import NEED_SECOND_FACTOR
from services.directory.domain.links import LinkKind
from services.directory.domain.sessions import (
    ABSOLUTE_LIMIT,
    PENDING_LIFE,
    PENDING_TRIES,
    new_token,
    token_hash,
)
from services.directory.store.database import database
from services.directory.store.identity import Account, BrowserSession, PendingSignIn
from services.directory.store.memberships import Held, account_by_email, held_by
from shared import settings
from shared.errors import Invalid, Unauthenticated

WRONG = "The e-mail address or the password is not right"
WRONG_CODE = "That code is not right, or it was used before. Wait for the next one and try again"
START_AGAIN = "That took too long, or too many codes were tried. Start again with your password."


@dataclass(frozen=True)
class Visit:
    """Where a sign-in comes from, and what for: the network address (never stored), the kind of browser.

    `token` is what the browser was left with when somebody last signed in with it, blank for none.
    """

    address: str | None
    browser: str
    next_url: str
    token: str = ""


@dataclass(frozen=True)
class SignedIn:
    """It worked: the cookie's token, and where to go. `choose`: first say which organisation to act for.

    `browser_token` is left with the browser, to know it by the next time.
    """

    token: str
    next_url: str
    browser_token: str
    choose: bool = False
    recovery_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeWanted:
    """The password was right; `token` names the half-done sign-in. `set_up`: no second factor yet."""

    token: str
    set_up: bool


def cheap_hashing() -> bool:
    """Tests of other things need no slow hash."""
    return settings.mode() is settings.Mode.TEST


def sign_in(email: str, password: str, visit: Visit, at: datetime) -> SignedIn | CodeWanted:
    """Check the password. Raises Invalid where it is wrong and TooMany while a wait runs.

    The hashing is done between two short transactions, so that no lock is held for its tenth of a second.
    """
    with database.transaction() as session:
        here = browsers.known(session, email, visit.token)
        tried = attempts.count(session, attempts.of_password(email, visit.address, here), at)
    with database.transaction() as session:
        known = account_by_email(session, email)
        stored = known.password_hash if known is not None and known.active else None
    if not passwords.fits(stored, password, cheap=cheap_hashing()) or known is None:
        with database.transaction() as session:
            attempts.was_wrong(session, tried, at)
        raise Invalid.field("/password", WRONG)
    with database.transaction() as session:
        account = session.get_one(Account, known.id, with_for_update=True)
        attempts.take_back(session, tried)
        if account.password_hash != stored or not account.active:
            raise Invalid.field("/password", WRONG)
        if passwords.is_dated(account.password_hash or "", cheap=cheap_hashing()):
            account.password_hash = passwords.hash_of(password, cheap=cheap_hashing())
        held = held_by(session, account.id)
        if account.totp_secret is not None or needs_second_factor(held):
            return _wait_for_code(session, account, visit, at)
        return _open(session, account, held, visit, at)


def needs_second_factor(held: list[Held]) -> bool:
    """Leads and those who look after people or the place, wherever data may be real."""
    return config.second_factor_is_required() and any(h.role in NEED_SECOND_FACTOR for h in held)


def waits_for_set_up(token: str, at: datetime) -> bool:
    """Whether a half-done sign-in waits for a second factor to be set up. Raises Unauthenticated."""
    with database.transaction() as session:
        _, account = _pending(session, token, at)
        return account.totp_secret is None


def give_code(token: str, code: str, visit: Visit, at: datetime) -> SignedIn:
    """Finish a sign-in with a code of the authenticator or a recovery code.

    Raises Invalid for a wrong code, TooMany while a wait runs, Unauthenticated where it must start again.
    """
    tried = _count_code(token, visit, at)
    with database.transaction() as session:
        pending, account = _pending(session, token, at, lock=True)
        if second_factor.take_code(session, account, code, at):
            return _finish(session, pending, account, visit, tried, at)
        pending.tries += 1
        attempts.was_wrong(session, tried, at)
    raise Invalid.field("/code", WRONG_CODE)


def set_up_and_finish(token: str, code: str, visit: Visit, at: datetime) -> SignedIn:
    """Finish a sign-in by setting up the second factor first. Raises as `give_code`."""
    tried = _count_code(token, visit, at)
    with database.transaction() as session:
        pending, account = _pending(session, token, at, lock=True)
        if account.totp_secret is not None:
            raise Unauthenticated(START_AGAIN)
        codes = second_factor.switch_on(session, account, code, at)
        if codes is not None:
            return replace(_finish(session, pending, account, visit, tried, at), recovery_codes=tuple(codes))
        pending.tries += 1
    raise Invalid.field("/code", WRONG_CODE)


def set_up_secret(token: str, at: datetime) -> tuple[str, str]:
    """The secret to set up during a sign-in and its `otpauth:` address. Raises Unauthenticated."""
    with database.transaction() as session:
        _, account = _pending(session, token, at, lock=True)
        if account.totp_secret is not None:
            raise Unauthenticated(START_AGAIN)
        return second_factor.pending_secret(account)


def _wait_for_code(session: Session, account: Account, visit: Visit, at: datetime) -> CodeWanted:
    token = new_token()
    session.add(
        PendingSignIn(
            token_hash=token_hash(token),
            account_id=account.id,
            next_url=visit.next_url,
            browser=visit.browser,
            expires_at=at + PENDING_LIFE,
        )
    )
    return CodeWanted(token, set_up=account.totp_secret is None)


def _pending(
    session: Session, token: str, at: datetime, *, lock: bool = False
) -> tuple[PendingSignIn, Account]:
    pending = session.get(PendingSignIn, token_hash(token), with_for_update=lock or None)
    if pending is None or pending.expires_at <= at or pending.tries >= PENDING_TRIES:
        raise Unauthenticated(START_AGAIN)
    account = session.get_one(Account, pending.account_id, with_for_update=lock or None)
    if not account.active:
        raise Unauthenticated(START_AGAIN)
    return pending, account


def _count_code(token: str, visit: Visit, at: datetime) -> attempts.Try:
    with database.transaction() as session:
        _, account = _pending(session, token, at)
        here = browsers.known(session, account.email, visit.token)
        return attempts.count(session, attempts.of_code(account.id, here), at)


def _finish(
    session: Session,
    pending: PendingSignIn,
    account: Account,
    visit: Visit,
    tried: attempts.Try,
    at: datetime,
) -> SignedIn:
    """The code was right: the sign-in is no longer half done."""
    attempts.take_back(session, tried)
    visit = replace(visit, browser=pending.browser, next_url=pending.next_url)
    session.delete(pending)
    return _open(session, account, held_by(session, account.id), visit, at, second_step=True)


def _open(
    session: Session,
    account: Account,
    held: list[Held],
    visit: Visit,
    at: datetime,
    *,
    second_step: bool = False,
) -> SignedIn:
    """A new session with a new id: nothing the browser brought along lives on in it."""
    _forget_failures(session, account, visit)
    acting = session.scalars(
        select(BrowserSession.acting_organization_id)
        .where(BrowserSession.account_id == account.id)
        .order_by(BrowserSession.started_at.desc())
        .limit(1)
    ).first()
    belongs = {h.organization_id for h in held}
    opened = BrowserSession(
        sid=new_token(),
        account_id=account.id,
        acting_organization_id=acting if acting in belongs else None,
        browser=visit.browser,
        started_at=at,
        second_step_at=at if second_step else None,
        renewed_at=at,
        ends_at=at + ABSOLUTE_LIMIT,
    )
    session.add(opened)
    account_log.note(session, account.id, "signed_in", at, visit.browser)
    left_with, new_place = browsers.remember(session, account, visit.token, at)
    if new_place:
        account_log.tell_owner(session, account, LinkKind.SIGNED_IN_NEW_PLACE, at)
    choose = len(belongs) > 1 and opened.acting_organization_id is None
    return SignedIn(session_token(opened, account, held, at), visit.next_url, left_with, choose)


def _forget_failures(session: Session, account: Account, visit: Visit) -> None:
    """Tell the owner what failed since they last signed in, and forget what counted them.

    What counts strangers goes on counting them where the owner came in by a browser of their own.
    """
    here = browsers.known(session, account.email, visit.token)
    theirs = {**attempts.of_password(account.email, None, here), **attempts.of_code(account.id, here)}
    others = {**attempts.of_password(account.email, None, None), **attempts.of_code(account.id, None)}
    failed_at = attempts.tell(session, {**theirs, **others})
    if failed_at is not None:
        account_log.note(session, account.id, "sign_in_failed", failed_at)
    attempts.forget(session, theirs)
