"""Which services were ever published: what a reader of the feed may have copied, and must hear the end of.

Triggers of the table `service` write it (migrations 0011, 0013), so that no writer can forget: neither the
mapper, nor statements that go round it, nor somebody at the database's own prompt.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.store.table import Table


class PublishedService(Table):
    """A service that was published; `gone_at` is when it was deleted, and then this is all that is left.

    It is null while the service is there, published or not."""

    __tablename__ = "published_service"

    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    gone_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_published_service_gone", "gone_at", postgresql_where=text("gone_at is not null")),
    )
