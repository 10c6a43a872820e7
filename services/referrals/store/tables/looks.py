"""How far the looks at open work have come that follow what changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.store.table import Table


class LostLook(Table):
    """When all was last known to be looked after, and on what of the directory that rested. One row."""

    __tablename__ = "lost_look"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    looked_at: Mapped[datetime]
    # Team, place or pair of organisations → what of it sight rests on; ids and digests only.
    footing: Mapped[dict[str, Any]]
