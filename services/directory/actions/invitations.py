"""Inviting people into an organisation, and accepting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.directory.actions import account_log, links
from services.directory.actions.granting import gives, still_given
from services.directory.actions.signing_in import cheap_hashing
from services.directory.domain import passwords
from services.directory.domain.accounts import TeamFact, email_address, memberships_for, person_name
from services.directory.domain.granting import EVERY_ROLE, NEVER_BOTH, NOT_ONESELF, check_grant, mixes
from services.directory.domain.links import LIFE, LinkKind
from services.directory.store.database import database
from services.directory.store.identity import Account, ActionLink, Membership
from services.directory.store.memberships import account_by_email, held_by
from services.directory.store.organizations import Organization
from services.directory.store.relay import AccessLog
from services.directory.store.teams import Team
from shared.audit import record
from shared.auth import Caller
from shared.errors import Conflict, Invalid, NotFound

PURPOSE = "looking after people"


@dataclass(frozen=True)
class Offer:
    """Who is invited to be what, where."""

    email: str
    organization_id: UUID
    roles: Sequence[str]
    teams: Sequence[TeamFact] = ()


@dataclass(frozen=True)
class Invitation:
    """What the invited person is shown. With an account they sign in to accept; else they make one."""

    email: str
    organization: str
    roles: tuple[str, ...]
    account_id: UUID | None

    @property
    def has_account(self) -> bool:
        """True where the address has an account already."""
        return self.account_id is not None


def invite(
    email: str,
    *,
    roles: Sequence[str],
    team_ids: Sequence[UUID],
    organization_id: UUID,
    by: Caller,
    at: datetime,
) -> UUID:
    """Invite somebody into an organisation the caller looks after; an earlier open invitation is replaced.

    Raises Invalid naming the field, NotFound for an organisation that is not the caller's to look after.
    """
    address = email_address(email)
    with database.transaction() as session:
        given = gives(session, by, organization_id)
        teams = _teams(session, organization_id, team_ids)
        check_grant(roles, teams, gives=given)
        _refuse_oneself(session, address, by)
        return _invite(session, Offer(address, organization_id, roles, teams), by, at).id


def first_invitation(
    email: str,
    roles: Sequence[str],
    organization_id: UUID,
    by: Caller,
    at: datetime,
    team_ids: Sequence[UUID] = (),
) -> links.Letter:
    """For the console: an invitation whose link is shown to the operator and not sent. Raises as `invite`."""
    address = email_address(email)
    with database.transaction() as session:
        if session.get(Organization, organization_id) is None:
            raise NotFound("There is no such organisation.")
        teams = _teams(session, organization_id, team_ids)
        check_grant(roles, teams, gives=EVERY_ROLE)
        link = _new(Offer(address, organization_id, roles, teams), by, at)
        session.add(link)
        session.flush()
        _record(session, by, "invite", link, at)
        return links.mint_in(session, link, at)


def withdraw(link_id: UUID, by: Caller, at: datetime) -> None:
    """Take an invitation back. Raises NotFound; Conflict where it was accepted or is not theirs to end."""
    with database.transaction() as session:
        link, given = _own(session, link_id, by)
        if link.used_at is not None:
            raise Conflict("This invitation was accepted already.")
        if not given & set(_scope(link)[0]):
            raise Conflict("This invitation is not yours to take back. Ask who sent it.")
        link.revoked_at = link.revoked_at or at
        _record(session, by, "withdraw_invitation", link, at)


def send_again(link_id: UUID, by: Caller, at: datetime) -> UUID:
    """Send an invitation anew, good for another 7 days; the old link works no more.

    What it gives must be the caller's to give today. Raises Conflict where it was accepted, taken back or
    replaced, and as `invite`.
    """
    with database.transaction() as session:
        old, given = _own(session, link_id, by)
        if old.used_at is not None:
            raise Conflict("This invitation was accepted already.")
        if old.revoked_at is not None:
            raise Conflict("This invitation was taken back or replaced. Invite them anew.")
        roles, team_ids = _scope(old)
        if not given >= set(roles):
            raise Conflict("You cannot give what this invitation gives. Take it back and invite them anew.")
        teams = _teams(session, old.organization_id, team_ids)
        check_grant(roles, teams, gives=given)
        _refuse_oneself(session, old.email, by)
        return _invite(session, Offer(old.email, _organization(old), roles, teams), by, at).id


def look(token: str, at: datetime) -> Invitation:
    """What the link of `token` invites to. Raises NotFound or Conflict where it is over."""
    with database.transaction() as session:
        link = _open(session, token, at)
        organization = session.get_one(Organization, link.organization_id)
        account = account_by_email(session, link.email)
        roles, _ = _scope(link)
        return Invitation(link.email, organization.name, tuple(roles), account.id if account else None)


def accept_as_new(token: str, name: str, password: str, at: datetime) -> str:
    """Make the account and its memberships; returns the address to sign in with.

    Raises Invalid, NotFound, and Conflict where it is over or the address has an account by now.
    """
    with database.transaction() as session:
        link = _open(session, token, at, lock=True)
        called = person_name(name)
        passwords.check(password, name=called, email=link.email)
        account = Account(
            email=link.email,
            name=called,
            password_hash=passwords.hash_of(password, cheap=cheap_hashing()),
            password_changed_at=at,
            created_at=at,
        )
        try:
            with session.begin_nested():
                session.add(account)
        except IntegrityError as taken:
            raise Conflict("There is an account with this address already. Sign in to accept.") from taken
        _join(session, account, link, at)
        return account.email


def accept_as_known(token: str, by: Caller, at: datetime) -> None:
    """Accept as somebody who has an account: the caller, whose address it must be.

    Raises NotFound, and Conflict where it is over or was sent to somebody else.
    """
    with database.transaction() as session:
        link = _open(session, token, at, lock=True)
        account = session.get_one(Account, UUID(by.sub), with_for_update=True)
        if account.email.lower() != link.email.lower():
            raise Conflict("This invitation was sent to another address. Sign in with that one to accept it.")
        _join(session, account, link, at)


def _open(session: Session, token: str, at: datetime, *, lock: bool = False) -> ActionLink:
    """As `links.open_link`, while whoever sent the invitation could still send it."""
    link = links.open_link(session, token, LinkKind.INVITATION, at, lock=lock)
    if not still_given(session, link):
        raise links.over("withdrawn")
    return link


def _join(session: Session, account: Account, link: ActionLink, at: datetime) -> None:
    """Only the memberships the account does not hold yet. Raises Conflict for what it may not hold."""
    if link.created_by == str(account.id):
        raise Conflict(NOT_ONESELF)
    roles, team_ids = _scope(link)
    if mixes({*roles, *(h.role for h in held_by(session, account.id))}):
        raise Conflict(NEVER_BOTH)
    teams = _teams(session, link.organization_id, team_ids)
    held = {
        (m.role, m.team_id)
        for m in session.scalars(
            select(Membership).where(
                Membership.account_id == account.id,
                Membership.organization_id == link.organization_id,
                Membership.ended_at.is_(None),
            )
        )
    }
    session.add_all(
        Membership(
            account_id=account.id,
            organization_id=_organization(link),
            team_id=team_id,
            role=role,
            started_at=at,
        )
        for role, team_id in memberships_for(roles, teams)
        if (role, team_id) not in held
    )
    link.used_at = at
    link.account_id = account.id
    account_log.note(session, account.id, "joined", at)


def _invite(session: Session, offer: Offer, by: Caller, at: datetime) -> ActionLink:
    earlier = session.scalars(
        select(ActionLink)
        .where(
            ActionLink.kind == LinkKind.INVITATION,
            ActionLink.organization_id == offer.organization_id,
            func.lower(ActionLink.email) == offer.email.lower(),
            ActionLink.used_at.is_(None),
            ActionLink.revoked_at.is_(None),
        )
        .with_for_update()
    )
    for old in earlier:
        old.revoked_at = at
    link = _new(offer, by, at)
    account_log.send_letter(session, link, at, urgent=False)
    _record(session, by, "invite", link, at)
    return link


def _new(offer: Offer, by: Caller, at: datetime) -> ActionLink:
    return ActionLink(
        kind=LinkKind.INVITATION,
        email=offer.email,
        organization_id=offer.organization_id,
        scope={"roles": list(offer.roles), "team_ids": [str(team.id) for team in offer.teams]},
        created_by=by.sub,
        created_at=at,
        expires_at=at + LIFE[LinkKind.INVITATION],
    )


def _own(session: Session, link_id: UUID, by: Caller) -> tuple[ActionLink, frozenset[str]]:
    """The invitation, locked, and what the caller gives in its organisation."""
    link = session.get(ActionLink, link_id, with_for_update=True)
    if link is None or link.kind != LinkKind.INVITATION:
        raise NotFound
    return link, gives(session, by, _organization(link))


def _refuse_oneself(session: Session, email: str, by: Caller) -> None:
    account = account_by_email(session, email)
    if account is not None and str(account.id) == by.sub:
        raise Invalid.field("/email", NOT_ONESELF)


def _organization(link: ActionLink) -> UUID:
    if link.organization_id is None:
        raise NotFound
    return link.organization_id


def _scope(link: ActionLink) -> tuple[list[str], list[UUID]]:
    return list(link.scope["roles"]), [UUID(team) for team in link.scope["team_ids"]]


def _teams(session: Session, organization_id: UUID | None, team_ids: Sequence[UUID]) -> list[TeamFact]:
    """The organisation's own teams among `team_ids`. Raises Invalid where one is not its own."""
    found = session.scalars(
        select(Team).where(Team.id.in_(team_ids), Team.organization_id == organization_id).order_by(Team.name)
    ).all()
    if len(found) != len(set(team_ids)):
        raise Invalid.field("/team_ids", "Choose teams from the list")
    return [TeamFact(team.id, team.kind) for team in found]


def _record(session: Session, by: Caller, act: str, link: ActionLink, at: datetime) -> None:
    record(session, AccessLog, by, act=act, purpose=PURPOSE, subjects=[link.id], at=at)
