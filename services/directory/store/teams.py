"""Teams: the people who work a scheme's queue. Every referral's owner is one."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.directory.domain.listings import TeamKind
from services.directory.store.constraints import not_blank, one_of
from services.directory.store.routing_marks import Mark, Routed
from services.directory.store.table import Table


class Team(Routed, Table):
    """A team of one organisation. A place has one duty desk, which owns what finds no other owner."""

    __tablename__ = "team"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(10), server_default=text("'scheme'"), default=TeamKind.SCHEME)
    phone: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[str | None] = mapped_column(Text)
    served: Mapped[list[TeamService]] = relationship(cascade="all, delete-orphan", lazy="raise")

    __table_args__ = (
        not_blank("name"),
        one_of("kind", TeamKind),
        CheckConstraint("kind <> 'duty_desk' or place_id is not null", name="duty_desk_has_place"),
        Index("uq_team_duty_desk", "place_id", unique=True, postgresql_where=text("kind = 'duty_desk'")),
        Index("ix_team_organization", "organization_id"),
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """Itself, and the place whose duty desk it may be."""
        own = (Mark("team", str(self.id)),)
        return (*own, Mark("place", str(self.place_id))) if self.kind == TeamKind.DUTY_DESK else own


class TeamService(Routed, Table):
    """A team works the queue of a service."""

    __tablename__ = "team_service"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)

    __table_args__ = (Index("ix_team_service_service", "service_id"),)

    def routing_marks(self) -> tuple[Mark, ...]:
        """Both ends."""
        return (Mark("team", str(self.team_id)), Mark("service", str(self.service_id)))
