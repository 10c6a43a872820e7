"""The people of an organisation, for whoever looks after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from services.directory.actions import account_log
from services.directory.actions.granting import end_invitations, gives
from services.directory.domain.granting import check_ending
from services.directory.domain.links import LinkKind
from services.directory.store.database import database
from services.directory.store.identity import Account, ActionLink, Membership
from services.directory.store.memberships import holds_anywhere
from services.directory.store.organizations import Organization
from services.directory.store.outbox import outbox
from services.directory.store.relay import AccessLog
from services.directory.store.teams import Team
from shared.audit import record
from shared.auth import Caller
from shared.errors import NotFound

# Invitations that came to nothing stay in sight for a while.
SHOW_ENDED_FOR = timedelta(days=30)
PURPOSE = "looking after people"


@dataclass
class Person:
    """Somebody who belongs to the organisation. `staying`: roles the reader cannot end."""

    account_id: UUID
    name: str
    email: str
    roles: list[tuple[str, str | None]] = field(default_factory=list)
    staying: list[str] = field(default_factory=list)
    second_factor: bool = False
    can_sign_in: bool = True

    @property
    def ending(self) -> bool:
        """True where the reader can end at least one of their roles."""
        return len(self.staying) < len(self.roles)


@dataclass(frozen=True)
class Pending:
    """An invitation nobody has accepted yet; whether the reader may send it again, or take it back."""

    id: UUID
    email: str
    roles: tuple[str, ...]
    sent_at: datetime
    expires_at: datetime
    can_send: bool
    can_withdraw: bool


@dataclass(frozen=True)
class People:
    """All of one organisation, and the roles the reader gives there."""

    organization_id: UUID
    organization: str
    people: list[Person]
    pending: list[Pending]
    teams: list[tuple[UUID, str]]
    gives: frozenset[str]


def people_of(organization_id: UUID, by: Caller, at: datetime) -> People:
    """Members, roles and open invitations. Raises NotFound where they are not the caller's to see."""
    with database.transaction() as session:
        given = gives(session, by, organization_id)
        organization = session.get(Organization, organization_id)
        if organization is None:
            raise NotFound
        teams = session.scalars(
            select(Team).where(Team.organization_id == organization_id).order_by(Team.name)
        ).all()
        people = _people(session, organization_id, {team.id: team.name for team in teams}, given)
        pending = _pending(session, organization_id, given, at)
        subjects = [person.account_id for person in people]
        record(session, AccessLog, by, act="read_people", purpose=PURPOSE, subjects=subjects, at=at)
        named = [(team.id, team.name) for team in teams]
        return People(organization_id, organization.name, people, pending, named, given)


def find_organizations(text: str, by: Caller, limit: int = 20) -> list[tuple[UUID, str]]:
    """For the forum's admin: organisations whose name holds `text`. Raises NotFound for others."""
    with database.transaction() as session:
        if not holds_anywhere(session, UUID(by.sub), "forum_admin"):
            raise NotFound
        rows = session.execute(
            select(Organization.id, Organization.name)
            .where(Organization.name.icontains(text, autoescape=True))
            .order_by(Organization.name)
            .limit(limit)
        )
        return [(row.id, row.name) for row in rows]


def person_of(organization_id: UUID, account_id: UUID, by: Caller, at: datetime) -> Person:
    """One member. Raises NotFound."""
    found = [p for p in people_of(organization_id, by, at).people if p.account_id == account_id]
    if not found:
        raise NotFound
    return found[0]


def remove(organization_id: UUID, account_id: UUID, by: Caller, at: datetime) -> None:
    """End what somebody is in an organisation, as far as it is the caller's to end.

    Their tokens follow at the next renewal, and invitations sent to them here or by them are taken back.
    Raises NotFound, and Conflict where nothing is the caller's to end or nobody would be left who looks
    after the organisation's people, or the forum.
    """
    with database.transaction() as session:
        ends = gives(session, by, organization_id)
        current = _members_and_forum_admins(session, organization_id)
        theirs = [m for m in current if (m.organization_id, m.account_id) == (organization_id, account_id)]
        if not theirs:
            raise NotFound
        ending = [m for m in theirs if m.role in ends]
        left = [m for m in current if m not in ending and m.account.active]
        check_ending(
            {m.role for m in theirs},
            ends=ends,
            last_of_organization=not any(
                m.role == "org_admin" and m.organization_id == organization_id for m in left
            ),
            last_of_forum=not any(m.role == "forum_admin" for m in left),
        )
        end_memberships(session, ending, at)
        session.flush()
        taken_back = end_invitations(session, theirs[0].account, organization_id, ends, at)
        subjects = [account_id, *taken_back]
        record(session, AccessLog, by, act="remove_person", purpose=PURPOSE, subjects=subjects, at=at)


def end_memberships(session: Session, ending: Sequence[Membership], at: datetime) -> None:
    """End roles and tell the referrals service of each."""
    for membership in ending:
        membership.ended_at = at
        outbox.add(
            session,
            "membership.ended.v1",
            subject=membership.account_id,
            at=at,
            account_id=str(membership.account_id),
            organization_id=str(membership.organization_id),
            team_id=str(membership.team_id) if membership.team_id else None,
        )
    for account_id in {membership.account_id for membership in ending}:
        account_log.note(session, account_id, "left", at)


def _members_and_forum_admins(session: Session, organization_id: UUID) -> Sequence[Membership]:
    """Locked in one order, so that two people cannot each remove the other as the last but one."""
    return session.scalars(
        select(Membership)
        .where(
            Membership.ended_at.is_(None),
            or_(Membership.organization_id == organization_id, Membership.role == "forum_admin"),
        )
        .options(joinedload(Membership.account, innerjoin=True))
        .order_by(Membership.id)
        .with_for_update(of=Membership)
    ).all()


def _people(
    session: Session, organization_id: UUID, teams: dict[UUID, str], given: frozenset[str]
) -> list[Person]:
    rows = session.scalars(
        select(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.organization_id == organization_id, Membership.ended_at.is_(None))
        .options(joinedload(Membership.account))
        .order_by(func.lower(Account.name), Account.id, Membership.role)
    )
    people: dict[UUID, Person] = {}
    for row in rows:
        account = row.account
        person = people.setdefault(
            account.id,
            Person(
                account_id=account.id,
                name=account.name,
                email=account.email,
                second_factor=account.totp_secret is not None,
                can_sign_in=account.active and account.password_hash is not None,
            ),
        )
        person.roles.append((row.role, teams.get(row.team_id) if row.team_id else None))
        if row.role not in given:
            person.staying.append(row.role)
    return list(people.values())


def _pending(session: Session, organization_id: UUID, given: frozenset[str], at: datetime) -> list[Pending]:
    rows = session.scalars(
        select(ActionLink)
        .where(
            ActionLink.kind == LinkKind.INVITATION,
            ActionLink.organization_id == organization_id,
            ActionLink.used_at.is_(None),
            ActionLink.revoked_at.is_(None),
            ActionLink.expires_at > at - SHOW_ENDED_FOR,
        )
        .order_by(ActionLink.created_at.desc())
    )
    return [
        Pending(
            id=row.id,
            email=row.email,
            roles=tuple(row.scope["roles"]),
            sent_at=row.created_at,
            expires_at=row.expires_at,
            can_send=set(row.scope["roles"]) <= given,
            can_withdraw=bool(set(row.scope["roles"]) & given),
        )
        for row in rows
    ]
