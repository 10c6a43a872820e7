"""Places (a city, a district), their neighbours and emergency numbers, and the names of areas."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.directory.store.constraints import not_blank, one_of
from services.directory.store.routing_marks import Mark, Routed
from services.directory.store.table import Table


class Area(Table):
    """The name of an authority, ward or LSOA, by its ONS code (GSS)."""

    __tablename__ = "area"

    code: Mapped[str] = mapped_column(String(9), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("code ~ '^[EWSN][0-9]{8}$'", name="code_gss"),
        one_of("kind", ("authority", "ward", "lsoa")),
        not_blank("name"),
    )


class Place(Routed, Table):
    """Where one directory, one forum and one duty desk serve; `authorities` are its GSS codes.

    `next_action_days` gives working days until somebody has to look again, by state.
    """

    __tablename__ = "place"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(Text)
    authorities: Mapped[list[str]] = mapped_column(ARRAY(Text))
    next_action_days: Mapped[dict[str, Any]]
    emergency: Mapped[list[EmergencyNumber]] = relationship(
        order_by="EmergencyNumber.position", cascade="all, delete-orphan", lazy="raise"
    )
    neighbours: Mapped[list[Neighbour]] = relationship(
        order_by="Neighbour.name", cascade="all, delete-orphan", lazy="raise"
    )

    __table_args__ = (
        CheckConstraint("code ~ '^[a-z][a-z0-9-]*$'", name="code_plain"),
        CheckConstraint("cardinality(authorities) > 0", name="has_authority"),
        not_blank("name"),
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """Itself."""
        return (Mark("place", str(self.id)),)


class EmergencyNumber(Routed, Table):
    """Whom to ring now: shown before and after sending, in this order."""

    __tablename__ = "emergency_number"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    place_id: Mapped[UUID] = mapped_column(ForeignKey("place.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    when: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("place_id", "position"), not_blank("name"), not_blank("number"))

    def routing_marks(self) -> tuple[Mark, ...]:
        """The place it belongs to."""
        return (Mark("place", str(self.place_id)),)


class Neighbour(Routed, Table):
    """An authority next door, and whom somebody who lives there can ask."""

    __tablename__ = "neighbour"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    place_id: Mapped[UUID] = mapped_column(ForeignKey("place.id", ondelete="CASCADE"))
    authority: Mapped[str] = mapped_column(String(9))
    name: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("place_id", "authority"), not_blank("contact"))

    def routing_marks(self) -> tuple[Mark, ...]:
        """The place it belongs to."""
        return (Mark("place", str(self.place_id)),)
