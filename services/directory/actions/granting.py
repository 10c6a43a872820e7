"""What the caller may give and end in an organisation, and the invitations that end with somebody's part."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from services.directory.domain.granting import may_give
from services.directory.domain.links import LinkKind
from services.directory.store.identity import Account, ActionLink
from services.directory.store.memberships import admin_roles
from shared.auth import Caller
from shared.errors import NotFound


def gives(session: Session, by: Caller, organization_id: UUID) -> frozenset[str]:
    """The roles the caller gives and ends in this organisation.

    Asked of the database and not of the token: what ended a minute ago is over. Raises NotFound for
    somebody who gives none.
    """
    found = _gives(session, UUID(by.sub), organization_id)
    if not found:
        raise NotFound
    return found


def still_given(session: Session, link: ActionLink) -> bool:
    """True while whoever sent the invitation could send it today; what came from the console stays good."""
    try:
        sender = UUID(link.created_by)
    except ValueError:
        return True
    return set(link.scope["roles"]) <= _gives(session, sender, link.organization_id)


def end_invitations(
    session: Session, account: Account, organization_id: UUID, ends: Collection[str], at: datetime
) -> list[UUID]:
    """Take back what is still open once `account` left: what was sent to them here, and what they sent.

    Of the first, what gives one of the roles in `ends`; of the second, in any organisation, what they
    could not send any more. Returns which.
    """
    waiting = session.scalars(
        select(ActionLink)
        .where(
            ActionLink.kind == LinkKind.INVITATION,
            ActionLink.used_at.is_(None),
            ActionLink.revoked_at.is_(None),
            or_(
                ActionLink.created_by == str(account.id),
                and_(
                    ActionLink.organization_id == organization_id,
                    func.lower(ActionLink.email) == account.email.lower(),
                ),
            ),
        )
        .order_by(ActionLink.id)
        .with_for_update()
    )
    taken_back = []
    for link in waiting:
        offered = set(link.scope["roles"])
        to_them = link.organization_id == organization_id and link.email.lower() == account.email.lower()
        if (to_them and offered & set(ends)) or not still_given(session, link):
            link.revoked_at = at
            taken_back.append(link.id)
    return taken_back


def _gives(session: Session, account_id: UUID, organization_id: UUID | None) -> frozenset[str]:
    roles = admin_roles(session, account_id, organization_id)
    return may_give(org_admin="org_admin" in roles, forum_admin="forum_admin" in roles)
