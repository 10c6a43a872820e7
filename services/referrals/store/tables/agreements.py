"""What a person agreed to: whether it may be told, to whom and what for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.store.table import Table


class AgreementRow(Table):
    """What the person said about one recipient and purpose, and how they were asked; never pre-ticked."""

    __tablename__ = "agreement"
    __table_args__ = (
        Index("ix_agreement_referral", "referral_id"),
        CheckConstraint(
            "purpose in ('share_referral', 'know_of_each_other', 'feedback_to_sender', 'feedback_to_gp')",
            name="purpose",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    # An organisation's id, or "helpers".
    recipient: Mapped[str] = mapped_column(String(36))
    purpose: Mapped[str] = mapped_column(String(20))
    agreed: Mapped[bool]
    how: Mapped[str | None] = mapped_column(Text)
    alone: Mapped[bool | None]
    asked_by: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    # When and by whom it was written down after the referral was sent; null for what came with it.
    recorded_at: Mapped[datetime | None]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str | None] = mapped_column(Text)
    by_org_id: Mapped[UUID | None]
