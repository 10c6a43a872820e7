"""What was changed in listings: by whom, when, and what they said before and after. Only added to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.store.constraints import one_of
from services.directory.store.table import Table

WHAT = ("service", "organization", "location", "word")


class ListingChange(Table):
    """One change of a service, an organisation, a venue or a word: `fields` differ between the documents.

    `before` is null for what came new. `record` is its id; `by` the account or client, named `by_name`.
    """

    __tablename__ = "listing_change"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(String(20))
    record: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]

    __table_args__ = (
        one_of("what", WHAT),
        Index("ix_listing_change_record", "what", "record", "id"),
    )
