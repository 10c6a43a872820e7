"""What the other services may ask about accounts, and what a person sees of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from services.directory import config
from services.directory.actions import account_log, second_factor, sessions
from services.directory.actions.tokens import usable
from services.directory.domain.accounts import NEED_SECOND_FACTOR
from services.directory.store.database import database
from services.directory.store.identity import Account, AccountEvent, BrowserSession, Membership
from services.directory.store.memberships import Held, account_by_email, held_by
from shared.auth import Caller


@dataclass(frozen=True)
class AccountFacts:
    """An account as the sender of messages needs it, asked for at the moment of sending."""

    id: UUID
    name: str
    email: str
    active: bool
    organizations: list[UUID]


@dataclass(frozen=True)
class OwnAccount:
    """What a person sees of their own account. `codes_left`: recovery codes that still open.

    `waiting`: what they are, and cannot be in this session before its second step.
    """

    name: str
    email: str
    held: list[Held]
    waiting: list[Held]
    second_factor: bool
    second_factor_required: bool
    codes_left: int
    sessions: list[sessions.OpenSession]
    events: list[AccountEvent]


def look_up(ids: Sequence[UUID]) -> list[AccountFacts]:
    """The accounts with these ids, in the order asked for; unknown ids are left out."""
    with database.transaction() as session:
        rows = session.scalars(
            select(Account).where(Account.id.in_(ids)).options(selectinload(Account.memberships))
        )
        found = {row.id: _facts(row) for row in rows}
    return [found[one] for one in dict.fromkeys(ids) if one in found]


def member_by_email(email: str, organization_id: UUID) -> UUID | None:
    """The account of an active member of the organisation with this address, or None."""
    with database.transaction() as session:
        account = account_by_email(session, email)
        if account is None or not account.active:
            return None
        found = session.scalar(
            select(Membership.id)
            .where(
                Membership.account_id == account.id,
                Membership.organization_id == organization_id,
                Membership.ended_at.is_(None),
            )
            .limit(1)
        )
        return account.id if found is not None else None


def own_account(by: Caller, at: datetime) -> OwnAccount:
    """The caller's account, sign-ins and what happened to it lately."""
    with database.transaction() as session:
        account = session.get_one(Account, UUID(by.sub))
        held = held_by(session, account.id)
        return OwnAccount(
            name=account.name,
            email=account.email,
            held=held,
            waiting=_waiting(session, held, by),
            second_factor=account.totp_secret is not None,
            second_factor_required=any(h.role in NEED_SECOND_FACTOR for h in held),
            codes_left=second_factor.codes_left(session, account.id),
            sessions=sessions.open_sessions(session, by, at),
            events=account_log.latest(session, account.id),
        )


def waits_for_second_step(by: Caller) -> bool:
    """True where a role of the caller's waits for the second step of this session."""
    if not config.second_factor_is_required():
        # Asked on every visit of the home page: no query where it cannot be.
        return False
    with database.transaction() as session:
        return bool(_waiting(session, held_by(session, UUID(by.sub)), by))


def own_organizations(session: Session, by: Caller) -> list[tuple[UUID, str]]:
    """The organisations the caller belongs to, in order of name."""
    held = held_by(session, UUID(by.sub))
    return list(dict.fromkeys((h.organization_id, h.organization) for h in held))


def _waiting(session: Session, held: list[Held], by: Caller) -> list[Held]:
    if not config.second_factor_is_required():
        return []
    opened = session.get(BrowserSession, by.session) if by.session else None
    in_use = usable(held, opened) if opened is not None else held
    return [h for h in held if h not in in_use]


def _facts(row: Account) -> AccountFacts:
    organizations = sorted({m.organization_id for m in row.memberships}, key=str)
    return AccountFacts(row.id, row.name, row.email, row.active, organizations)
