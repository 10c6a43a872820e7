"""Postcodes and the areas they lie in, from the ONS Postcode Directory a deployment loads itself."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.store.routing_marks import Mark, Routed
from services.directory.store.table import Table


class Postcode(Routed, Table):
    """A live postcode, written `YO24 3BZ`; GSS codes of its areas; WGS 84 degrees."""

    __tablename__ = "postcode"

    pcds: Mapped[str] = mapped_column(String(8), primary_key=True)
    authority: Mapped[str] = mapped_column(String(9))
    ward: Mapped[str | None] = mapped_column(String(9))
    lsoa: Mapped[str | None] = mapped_column(String(9))
    lat: Mapped[float | None]
    lon: Mapped[float | None]

    __table_args__ = (
        CheckConstraint("pcds ~ '^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$'", name="pcds_form"),
        CheckConstraint("(lat is null) = (lon is null)", name="whole_point"),
        Index("ix_postcode_authority", "authority", "ward"),
        Index("ix_postcode_ward", "ward"),
        Index("ix_postcode_lsoa", "lsoa"),
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """Itself."""
        return (Mark("postcode", self.pcds),)
