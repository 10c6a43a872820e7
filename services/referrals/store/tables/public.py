"""What the public pages keep: answers not sent yet, sealed, and private links to what was sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.store.table import Table


class PublicDraft(Table):
    """Answers of somebody who has not sent them yet, or where they went.

    `key` is the SHA-256 of a secret only their browser has, and `sealed` is encrypted with that secret: what
    was never sent can be read by nobody here.
    """

    __tablename__ = "public_draft"
    __table_args__ = (Index("ix_public_draft_updated_at", "updated_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime]


class StatusLink(Table):
    """A private link to one referral. Only the SHA-256 of its token is kept.

    One that is not revoked at most for each referral: a new one takes the place of the one before.
    """

    __tablename__ = "status_link"
    __table_args__ = (
        Index("uq_status_link_token", "token_hash", unique=True),
        Index("uq_status_link_live", "referral_id", unique=True, postgresql_where=text("revoked_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    token_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
