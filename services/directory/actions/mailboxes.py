"""An organisation's mailbox for news of the referrals it sent: asked for, confirmed, changed, removed.

An address is in use only once somebody who reads it opened the link sent there; until then the one before
it stays. Whoever changes anything locks the organisation first, so that two admins come one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.actions import account_log, links
from services.directory.domain.accounts import email_address
from services.directory.domain.links import LIFE, LinkKind
from services.directory.domain.mailboxes import LETTERS_IN, check_letters, check_new, same_address
from services.directory.store import mailboxes as store
from services.directory.store.database import database
from services.directory.store.identity import Account, ActionLink
from services.directory.store.mailboxes import ReferralMailbox
from services.directory.store.memberships import admin_roles
from services.directory.store.organizations import Organization
from services.directory.store.relay import AccessLog
from shared.audit import record
from shared.auth import Caller, Role
from shared.auth.caller import Kind
from shared.errors import Conflict, NotFound

PURPOSE = "where news of referrals goes"
NOTHING_WAITS = (
    "No address waits to be confirmed any more. It was confirmed, or taken back. Look at the page again."
)
CHANGED_MEANWHILE = "The mailbox is not the one you were shown any more. Look at the page again."


@dataclass(frozen=True)
class Waiting:
    """An address nobody has confirmed yet."""

    email: str
    sent_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Mailbox:
    """What an organisation has: the address in use, and the one that waits to be confirmed."""

    organization_id: UUID
    organization: str
    email: str | None
    confirmed_at: datetime | None
    waiting: Waiting | None


@dataclass(frozen=True)
class Question:
    """What whoever reads a mailbox is asked: that news of this organisation's referrals comes to it."""

    email: str
    organization: str


@dataclass(frozen=True)
class Address:
    """The mailbox of one organisation, asked for at the moment of sending."""

    organization_id: UUID
    email: str


def mailbox_of(organization_id: UUID, by: Caller) -> Mailbox:
    """What there is. Raises NotFound for everybody but the organisation's own admins."""
    with database.transaction() as session:
        organization = _looked_after(session, organization_id, by, lock=False)
        current = session.get(ReferralMailbox, organization_id)
        waiting = store.waiting_links(session, organization_id)
        return Mailbox(
            organization_id,
            organization.name,
            current.email if current else None,
            current.confirmed_at if current else None,
            Waiting(waiting[0].email, waiting[0].created_at, waiting[0].expires_at) if waiting else None,
        )


def ask(email: str, organization_id: UUID, by: Caller, at: datetime) -> UUID:
    """Send a letter to a new mailbox, to be confirmed there; an earlier one that waits is replaced.

    Returns the link's id. Raises Invalid naming the field, TooMany, and NotFound as `mailbox_of`.
    """
    address = email_address(email)
    with database.transaction() as session:
        _looked_after(session, organization_id, by)
        current = session.get(ReferralMailbox, organization_id)
        check_new(address, in_use=current.email if current else None)
        return _ask(session, address, organization_id, by, at).id


def ask_again(organization_id: UUID, by: Caller, at: datetime) -> UUID:
    """Send the letter anew; the link in the old one works no more. Raises Conflict, and as `ask`."""
    with database.transaction() as session:
        _looked_after(session, organization_id, by)
        waiting = store.waiting_links(session, organization_id)
        if not waiting:
            raise Conflict(NOTHING_WAITS)
        return _ask(session, waiting[0].email, organization_id, by, at).id


def take_back(organization_id: UUID, by: Caller, at: datetime) -> None:
    """Give up the address that waits. Raises Conflict where none does, and NotFound as `mailbox_of`."""
    with database.transaction() as session:
        _looked_after(session, organization_id, by)
        if not _revoke(session, organization_id, at):
            raise Conflict(NOTHING_WAITS)
        _record(session, by, "take_back_mailbox", organization_id, at)


def look(token: str, at: datetime) -> Question:
    """What the link of `token` asks. Raises NotFound, and Conflict where it is over."""
    with database.transaction() as session:
        link = links.open_link(session, token, LinkKind.MAILBOX_CONFIRM, at)
        return Question(link.email, _still_asked(session, link, lock=False).name)


def confirm(token: str, at: datetime) -> Question:
    """Use the address from now on; the one before it is told. Raises NotFound, and Conflict where over."""
    with database.transaction() as session:
        link = links.open_link(session, token, LinkKind.MAILBOX_CONFIRM, at)
        organization = _still_asked(session, link)
        session.expire(link)
        link = links.open_link(session, token, LinkKind.MAILBOX_CONFIRM, at, lock=True)
        link.used_at = at
        current = session.get(ReferralMailbox, organization.id)
        if current is None:
            session.add(ReferralMailbox(organization_id=organization.id, email=link.email, confirmed_at=at))
        else:
            if not same_address(current.email, link.email):
                _tell_old(session, current, link.created_by, at)
            current.email, current.confirmed_at = link.email, at
        _record(session, _whoever_reads_it(organization.id), "confirm_mailbox", organization.id, at)
        return Question(link.email, organization.name)


def remove(organization_id: UUID, email: str, by: Caller, at: datetime) -> None:
    """Do without the mailbox `email`, which is told, and give up an address that waits.

    Raises Conflict where that is not the mailbox any more, and NotFound as `mailbox_of`.
    """
    with database.transaction() as session:
        _looked_after(session, organization_id, by)
        current = session.get(ReferralMailbox, organization_id)
        if current is None or not same_address(current.email, email):
            raise Conflict(CHANGED_MEANWHILE)
        _tell_old(session, current, by.sub, at)
        _revoke(session, organization_id, at)
        session.delete(current)
        _record(session, by, "remove_mailbox", organization_id, at)


def addresses_of(organization_ids: Sequence[UUID]) -> list[Address]:
    """The mailboxes in use of these organisations; one that has none, or is closed, is left out."""
    with database.transaction() as session:
        return [Address(row.organization_id, row.email) for row in store.mailboxes(session, organization_ids)]


def _looked_after(session: Session, organization_id: UUID, by: Caller, *, lock: bool = True) -> Organization:
    """The organisation where the caller is its admin. Raises NotFound.

    By the token, which knows of the second step, and by the database, which knows what ended a minute ago.
    """
    if by.kind is not Kind.PERSON or not by.has(Role.ORG_ADMIN, org=organization_id):
        raise NotFound
    if Role.ORG_ADMIN not in admin_roles(session, UUID(by.sub), organization_id):
        raise NotFound
    organization = store.open_organization(session, organization_id, lock=lock)
    if organization is None:
        raise NotFound
    return organization


def _still_asked(session: Session, link: ActionLink, *, lock: bool = True) -> Organization:
    """The organisation of a link, while whoever asked still is its admin. Raises Conflict."""
    asked_by = UUID(link.created_by)
    organization = store.open_organization(session, link.organization_id, lock=lock)
    active = session.scalar(select(Account.active).where(Account.id == asked_by))
    roles = admin_roles(session, asked_by, link.organization_id) if active else frozenset()
    if organization is None or Role.ORG_ADMIN not in roles:
        raise links.over("withdrawn")
    return organization


def _ask(session: Session, address: str, organization_id: UUID, by: Caller, at: datetime) -> ActionLink:
    check_letters(store.letters_since(session, organization_id, at - LETTERS_IN))
    _revoke(session, organization_id, at)
    link = _letter(LinkKind.MAILBOX_CONFIRM, address, organization_id, by.sub, at)
    account_log.send_letter(session, link, at, urgent=False)
    _record(session, by, "ask_for_mailbox", organization_id, at)
    return link


def _tell_old(session: Session, old: ReferralMailbox, by: str, at: datetime) -> None:
    link = _letter(LinkKind.MAILBOX_ENDED, old.email, old.organization_id, by, at)
    account_log.send_letter(session, link, at, urgent=False)


def _letter(kind: LinkKind, address: str, organization_id: UUID, by: str, at: datetime) -> ActionLink:
    return ActionLink(
        kind=kind,
        email=address,
        organization_id=organization_id,
        scope={},
        created_by=by,
        created_at=at,
        expires_at=at + LIFE[kind],
    )


def _revoke(session: Session, organization_id: UUID, at: datetime) -> int:
    waiting = store.waiting_links(session, organization_id)
    for link in waiting:
        link.revoked_at = at
    return len(waiting)


def _whoever_reads_it(organization_id: UUID) -> Caller:
    """Confirming needs the link alone: whoever reads a shared mailbox may have no account."""
    return Caller("reader of the mailbox", Kind.SELF, org=organization_id)


def _record(session: Session, by: Caller, act: str, organization_id: UUID, at: datetime) -> None:
    record(session, AccessLog, by, act=act, purpose=PURPOSE, subjects=[organization_id], at=at)
