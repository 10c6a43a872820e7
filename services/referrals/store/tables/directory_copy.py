"""The local copy of what the directory publishes for routing, so that no request waits for it.

While the directory's data is read anew (it was reset or restored) there are two copies: the one in use, and
one in the making whose number is one higher. It is in use only from the moment it is whole.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.store.table import Table


class DirectoryItem(Table):
    """One thing of the routing snapshot; a deleted one stays as a mark so that caches let go of it."""

    __tablename__ = "directory_item"
    __table_args__ = (Index("ix_directory_item_version", "copy", "version"),)

    copy: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    deleted: Mapped[bool] = mapped_column(server_default=text("false"))
    doc: Mapped[dict[str, Any]]


class DirectoryPostcode(Table):
    """A postcode and its areas (GSS codes) and coordinates (WGS 84 degrees)."""

    __tablename__ = "directory_postcode"

    copy: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    postcode: Mapped[str] = mapped_column(String(8), primary_key=True)
    authority: Mapped[str | None] = mapped_column(String(9))
    authority_name: Mapped[str | None] = mapped_column(String(100))
    ward: Mapped[str | None] = mapped_column(String(9))
    ward_name: Mapped[str | None] = mapped_column(String(100))
    lsoa: Mapped[str | None] = mapped_column(String(9))
    lat: Mapped[float | None]
    lon: Mapped[float | None]


class DirectoryState(Table):
    """Which copy is in use, which version of the snapshot it holds, and as of when. One row."""

    __tablename__ = "directory_state"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("(next_epoch is null) = (next_version is null)", name="next"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    copy: Mapped[int] = mapped_column(server_default=text("1"))
    epoch: Mapped[UUID]
    version: Mapped[int] = mapped_column(BigInteger)
    as_of: Mapped[datetime]
    # False while the pages of the very first copy are still being pulled: too little to route from.
    complete: Mapped[bool]
    # How far the copy in the making is; null while none is made.
    next_epoch: Mapped[UUID | None]
    next_version: Mapped[int | None] = mapped_column(BigInteger)
    # When waits were last measured here: a change makes processes read them again.
    waits_at: Mapped[datetime | None]
