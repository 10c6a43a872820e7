"""Primary care networks, and which practices are in them (NHS ODS)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.store.constraints import not_blank
from services.directory.store.table import Table


class Pcn(Table):
    """A primary care network by its ODS code, such as U12345."""

    __tablename__ = "pcn"

    code: Mapped[str] = mapped_column(String(9), primary_key=True)
    name: Mapped[str] = mapped_column(Text)

    __table_args__ = (CheckConstraint("code ~ '^[A-Z0-9]{3,9}$'", name="ods_code"), not_blank("name"))


class PracticeInPcn(Table):
    """A practice, by its ODS code, is in one network; whether we list the practice or not."""

    __tablename__ = "practice_in_pcn"

    practice_ods: Mapped[str] = mapped_column(String(9), primary_key=True)
    pcn_code: Mapped[str] = mapped_column(ForeignKey("pcn.code", ondelete="CASCADE"))

    __table_args__ = (
        CheckConstraint("practice_ods ~ '^[A-Z0-9]{3,9}$'", name="ods_code"),
        Index("ix_practice_in_pcn_pcn", "pcn_code"),
    )
