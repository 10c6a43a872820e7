"""The second factor: an authenticator's codes, and ten recovery codes for when it is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from services.directory.actions import account_log
from services.directory.actions.sealing import seal, unseal
from services.directory.domain import second_factor as codes
from services.directory.store.database import database
from services.directory.store.identity import Account, BrowserSession, RecoveryCode
from shared.auth import Caller
from shared.errors import Conflict, Invalid

WRONG_CODE = "That code is not right. Check the clock of your phone and try the next code"


def start(by: Caller, at: datetime) -> tuple[str, str]:  # noqa: ARG001 - every action is told the time
    """The secret to set up and its `otpauth:` address; the same one until it is confirmed."""
    with database.transaction() as session:
        account = session.get_one(Account, UUID(by.sub), with_for_update=True)
        if account.totp_secret is not None:
            raise Conflict("You already have a second step. Turn it off before you set up another.")
        return pending_secret(account)


def confirm(by: Caller, code: str, at: datetime) -> list[str]:
    """Switch it on with a first code, which passes the second step of this session.

    Returns the recovery codes, which are shown this once. Raises Conflict and Invalid.
    """
    with database.transaction() as session:
        account = session.get_one(Account, UUID(by.sub), with_for_update=True)
        if account.totp_secret is not None:
            raise Conflict("You already have a second step.")
        made = switch_on(session, account, code, at)
        if made is None:
            raise Invalid.field("/code", WRONG_CODE)
        session.execute(
            update(BrowserSession)
            .where(BrowserSession.sid == by.session, BrowserSession.account_id == account.id)
            .values(second_step_at=at)
        )
        return made


def turn_off(session: Session, account: Account, at: datetime) -> None:
    """Without a second factor from now on; its recovery codes go too, and no session has passed it."""
    account.totp_secret = account.totp_pending = None
    session.execute(
        update(BrowserSession).where(BrowserSession.account_id == account.id).values(second_step_at=None)
    )
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    account_log.note(session, account.id, "authenticator_off", at)


def new_recovery_codes(session: Session, account: Account, at: datetime) -> list[str]:
    """Ten new codes; the old ones open nothing any more."""
    made = codes.new_recovery_codes()
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    session.add_all(
        RecoveryCode(account_id=account.id, code_hash=codes.recovery_hash(code), made_at=at) for code in made
    )
    account_log.note(session, account.id, "recovery_codes_made", at)
    return made


def pending_secret(account: Account) -> tuple[str, str]:
    """The secret that waits to be confirmed, made now where there is none."""
    if account.totp_pending is None:
        account.totp_pending = seal(codes.new_secret())
    secret = unseal(account.totp_pending)
    return secret, codes.key_uri(secret, account.email)


def switch_on(session: Session, account: Account, code: str, at: datetime) -> list[str] | None:
    """Take the pending secret into use where `code` is one of it, else None."""
    if account.totp_pending is None:
        return None
    counter = codes.counter_of(unseal(account.totp_pending), code, at, account.totp_counter)
    if counter is None:
        return None
    account.totp_secret, account.totp_pending = account.totp_pending, None
    account.totp_counter = counter
    account_log.note(session, account.id, "authenticator_on", at)
    return new_recovery_codes(session, account, at)


def take_code(session: Session, account: Account, code: str, at: datetime) -> bool:
    """True when `code` opens the account now; it will not do so again. `account` is locked by the caller."""
    if account.totp_secret is None:
        return False
    if codes.looks_like_recovery_code(code):
        used = session.execute(
            update(RecoveryCode)
            .where(
                RecoveryCode.account_id == account.id,
                RecoveryCode.code_hash == codes.recovery_hash(code),
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=at)
            .returning(RecoveryCode.account_id)
        ).all()
        if used:
            account_log.note(session, account.id, "recovery_code_used", at)
        return bool(used)
    counter = codes.counter_of(unseal(account.totp_secret), code, at, account.totp_counter)
    if counter is None:
        return False
    account.totp_counter = counter
    return True


def codes_left(session: Session, account_id: UUID) -> int:
    """How many recovery codes still open."""
    unused: Sequence[int] = session.scalars(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    ).all()
    return unused[0]
