"""Letting somebody back in who lost their authenticator and their recovery codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from services.directory.actions import account_log, attempts, second_factor
from services.directory.domain.links import LinkKind
from services.directory.store.database import database
from services.directory.store.identity import Account, Membership, PendingSignIn
from services.directory.store.memberships import account_by_email, held_by
from services.directory.store.relay import AccessLog
from shared.audit import record
from shared.auth import Caller
from shared.errors import Conflict, NotFound

PURPOSE = "a lost second step"


def remove_second_step(email: str, confirmed_by: str | None, by: Caller, at: datetime) -> None:
    """Take somebody's second step away, after an admin made sure that it is they who ask.

    `confirmed_by` is the address of that admin: another person who looks after one of their organisations,
    or the forum's admin. None only where there is no such person. Every session of theirs ends, and a
    letter tells them. Raises NotFound and Conflict.
    """
    with database.transaction() as session:
        account = account_by_email(session, email, lock=True)
        if account is None:
            raise NotFound("Nobody has an account with this address.")
        if account.totp_secret is None:
            raise Conflict("This account has no second step.")
        confirming = _confirmed(_who_may_confirm(session, account), confirmed_by)
        second_factor.turn_off(session, account, at)
        session.execute(delete(PendingSignIn).where(PendingSignIn.account_id == account.id))
        attempts.forget(session, attempts.of_code(account.id, None))
        account_log.end_sessions(session, account.id, at)
        account_log.note(session, account.id, "second_step_removed", at)
        account_log.tell_owner(session, account, LinkKind.SECOND_STEP_REMOVED, at)
        subjects = [account.id, *([confirming.id] if confirming is not None else [])]
        record(session, AccessLog, by, act="remove_second_step", purpose=PURPOSE, subjects=subjects, at=at)


def _who_may_confirm(session: Session, account: Account) -> Sequence[Account]:
    theirs = {held.organization_id for held in held_by(session, account.id)}
    return session.scalars(
        select(Account)
        .where(
            Account.id != account.id,
            Account.active,
            Account.id.in_(
                select(Membership.account_id).where(
                    Membership.ended_at.is_(None),
                    or_(
                        Membership.role == "forum_admin",
                        (Membership.role == "org_admin") & Membership.organization_id.in_(theirs),
                    ),
                )
            ),
        )
        .order_by(Account.id)
    ).all()


def _confirmed(may: Sequence[Account], address: str | None) -> Account | None:
    if address is None:
        if may:
            raise Conflict(
                "Name with --confirmed-by who made sure that it is they who ask: somebody else who looks "
                "after their organisation's people, or the forum's admin."
            )
        return None
    found = [each for each in may if each.email.lower() == address.strip().lower()]
    if not found:
        raise Conflict(
            "Whoever confirms must be another person who looks after their organisation's people, or the "
            "forum's admin."
        )
    return found[0]
