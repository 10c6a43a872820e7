"""The mailbox an organisation has chosen for news of the referrals it sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.directory.domain.links import LinkKind
from services.directory.domain.listings import OrganizationStatus
from services.directory.store.constraints import not_blank
from services.directory.store.identity import ActionLink
from services.directory.store.organizations import Organization
from services.directory.store.routing_marks import Mark, Routed
from services.directory.store.table import Table


class ReferralMailbox(Routed, Table):
    """A mailbox in use: somebody who reads it has confirmed it. What is still to be confirmed is a link.

    The snapshot says that there is one, and never the address.
    """

    __tablename__ = "referral_mailbox"
    __table_args__ = (not_blank("email"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    confirmed_at: Mapped[datetime]

    def routing_marks(self) -> tuple[Mark, ...]:
        """The organisation whose it is."""
        return (Mark("organization", str(self.organization_id)),)


def open_organization(
    session: Session, organization_id: UUID | None, *, lock: bool = False
) -> Organization | None:
    """An organisation that still works. Whoever changes its mailbox locks this first, then the link."""
    query = select(Organization).where(
        Organization.id == organization_id, Organization.status == OrganizationStatus.ACTIVE
    )
    return session.scalars(query.with_for_update(key_share=True) if lock else query).first()


def waiting_links(session: Session, organization_id: UUID) -> Sequence[ActionLink]:
    """Letters to a new mailbox that were neither confirmed nor taken back, the newest first."""
    return session.scalars(
        select(ActionLink)
        .where(
            ActionLink.kind == LinkKind.MAILBOX_CONFIRM,
            ActionLink.organization_id == organization_id,
            ActionLink.used_at.is_(None),
            ActionLink.revoked_at.is_(None),
        )
        .order_by(ActionLink.created_at.desc(), ActionLink.id)
    ).all()


def letters_since(session: Session, organization_id: UUID, since: datetime) -> int:
    """How many letters asked somebody to confirm a mailbox of this organisation."""
    found = session.scalar(
        select(func.count())
        .select_from(ActionLink)
        .where(
            ActionLink.kind == LinkKind.MAILBOX_CONFIRM,
            ActionLink.organization_id == organization_id,
            ActionLink.created_at > since,
        )
    )
    return found or 0


def mailboxes(session: Session, organization_ids: Sequence[UUID]) -> Sequence[ReferralMailbox]:
    """The mailboxes in use of those of these organisations that still work."""
    return session.scalars(
        select(ReferralMailbox)
        .join(Organization, Organization.id == ReferralMailbox.organization_id)
        .where(
            ReferralMailbox.organization_id.in_(organization_ids),
            Organization.status == OrganizationStatus.ACTIVE,
        )
        .order_by(ReferralMailbox.organization_id)
    ).all()
