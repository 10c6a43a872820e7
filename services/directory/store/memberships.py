"""What people are where, as their tokens and the pages say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.directory.store.identity import Account, BrowserSession, Membership, SessionSeen
from services.directory.store.organizations import Organization


@dataclass(frozen=True)
class Held:
    """One role somebody holds, with what a token says of the organisation."""

    organization_id: UUID
    organization: str
    sector: str
    place_id: UUID | None
    team_id: UUID | None
    role: str


def held_by(session: Session, account_id: UUID) -> list[Held]:
    """Every role the account holds now, organisations in order of name."""
    rows = session.execute(
        select(
            Organization.id,
            Organization.name,
            Organization.sector,
            Organization.place_id,
            Membership.team_id,
            Membership.role,
        )
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Membership.account_id == account_id, Membership.ended_at.is_(None))
        .order_by(Organization.name, Organization.id, Membership.role, Membership.team_id)
    ).all()
    return [Held(*row) for row in rows]


def admin_roles(session: Session, account_id: UUID, organization_id: UUID | None) -> frozenset[str]:
    """`org_admin` where the account is that there now, `forum_admin` where it is that in any organisation."""
    return frozenset(
        session.scalars(
            select(Membership.role)
            .distinct()
            .where(
                Membership.account_id == account_id,
                Membership.ended_at.is_(None),
                or_(
                    Membership.role == "forum_admin",
                    and_(Membership.role == "org_admin", Membership.organization_id == organization_id),
                ),
            )
        )
    )


def holds_anywhere(session: Session, account_id: UUID, role: str) -> bool:
    """True when the account holds `role` in any organisation."""
    found = session.scalar(
        select(Membership.id)
        .where(Membership.account_id == account_id, Membership.role == role, Membership.ended_at.is_(None))
        .limit(1)
    )
    return found is not None


def account_by_email(session: Session, email: str, *, lock: bool = False) -> Account | None:
    """The account with this address, however it is capitalised."""
    query = select(Account).where(func.lower(Account.email) == email.strip().lower())
    return session.scalars(query.with_for_update() if lock else query).first()


def end_browser_sessions(
    session: Session,
    account_id: UUID,
    at: datetime,
    *,
    only: Sequence[str] | None = None,
    keep: str | None = None,
) -> list[str]:
    """End the account's open sessions (`only` these, or all but `keep`); returns which were ended."""
    query = (
        update(BrowserSession)
        .where(BrowserSession.account_id == account_id, BrowserSession.ended_at.is_(None))
        .values(ended_at=at)
        .returning(BrowserSession.sid)
    )
    if only is not None:
        query = query.where(BrowserSession.sid.in_(only))
    if keep is not None:
        query = query.where(BrowserSession.sid != keep)
    ended = list(session.scalars(query))
    if ended:
        rows = [{"sid": sid, "seen_at": at, "ended_at": at} for sid in ended]
        session.execute(
            insert(SessionSeen)
            .values(rows)
            .on_conflict_do_update(index_elements=["sid"], set_={"ended_at": at})
        )
    return ended
