"""People who connect others to support: their teams, sessions in surgeries, days, limits, absences."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    Time,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.directory.domain.listings import AreaKind
from services.directory.store.constraints import not_blank, one_of, weekdays
from services.directory.store.routing_marks import ACCOUNT, LINK_WORKER, Mark, Routed
from services.directory.store.table import Table

_EMPTY = text("'{}'")


class LinkWorker(Routed, Table):
    """A connector. Employed (`employer_id`) or hosted (`host_id`), as champions and volunteers are.

    Listed only where they agreed (`listed`), with or without an account; for practitioners' eyes.
    `specialisms` are codes of needs they know most about.
    """

    __tablename__ = "link_worker"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), unique=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(ForeignKey("connector_role.code"))
    employer_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"))
    host_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"))
    about: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_EMPTY, default=list)
    specialisms: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_EMPTY, default=list)
    working_days: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default=_EMPTY, default=list)
    caseload_limit: Mapped[int | None]
    listed: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    teams: Mapped[list[LinkWorkerTeam]] = relationship(cascade="all, delete-orphan", lazy="raise")
    sessions: Mapped[list[SurgerySession]] = relationship(cascade="all, delete-orphan", lazy="raise")

    __table_args__ = (
        not_blank("name"),
        weekdays("working_days"),
        CheckConstraint("num_nonnulls(employer_id, host_id) = 1", name="employed_or_hosted"),
        CheckConstraint("caseload_limit between 0 and 1000", name="caseload_limit_sane"),
        Index(
            "ix_link_worker_words", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}
        ),
        Index("ix_link_worker_employer", "employer_id"),
        Index("ix_link_worker_host", "host_id"),
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """Their memberships, where they have an account."""
        return (Mark(ACCOUNT, str(self.account_id)),) if self.account_id else ()


class _OfWorker(Routed):
    """A row that is part of one link worker; resolved to their memberships when the routing is noted."""

    link_worker_id: Any

    def routing_marks(self) -> tuple[Mark, ...]:
        """The worker it is part of."""
        return (Mark(LINK_WORKER, str(self.link_worker_id)),)


class LinkWorkerTeam(_OfWorker, Table):
    """A link worker works in a team."""

    __tablename__ = "link_worker_team"

    link_worker_id: Mapped[UUID] = mapped_column(
        ForeignKey("link_worker.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)

    __table_args__ = (Index("ix_link_worker_team_team", "team_id"),)


class LinkWorkerArea(_OfWorker, Table):
    """One area of a link worker's own patch, or a practice they cover, besides what their teams serve."""

    __tablename__ = "link_worker_area"

    link_worker_id: Mapped[UUID] = mapped_column(
        ForeignKey("link_worker.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    code: Mapped[str] = mapped_column(String(9), primary_key=True)

    __table_args__ = (one_of("kind", AreaKind), Index("ix_link_worker_area_code", "code", "kind"))


class SurgerySession(_OfWorker, Table):
    """A regular session held in a practice (`practice_ods`) for a service; local times."""

    __tablename__ = "surgery_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    link_worker_id: Mapped[UUID] = mapped_column(ForeignKey("link_worker.id", ondelete="CASCADE"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    practice_ods: Mapped[str] = mapped_column(String(9))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[time | None] = mapped_column(Time)
    ends_at: Mapped[time | None] = mapped_column(Time)

    __table_args__ = (
        UniqueConstraint("link_worker_id", "practice_ods", "weekday", "starts_at"),
        CheckConstraint("weekday between 0 and 6", name="weekday_of_week"),
        CheckConstraint("ends_at > starts_at", name="in_order"),
        Index("ix_surgery_session_service", "service_id"),
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """The worker, and the service the session is for."""
        return (*super().routing_marks(), Mark("service", str(self.service_id)))


class Absence(_OfWorker, Table):
    """Days away, first and last included, and who covers. Why is nobody's business here."""

    __tablename__ = "absence"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    link_worker_id: Mapped[UUID] = mapped_column(ForeignKey("link_worker.id", ondelete="CASCADE"))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    cover_id: Mapped[UUID | None] = mapped_column(ForeignKey("link_worker.id"))

    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="in_order"),
        CheckConstraint("cover_id <> link_worker_id", name="covered_by_another"),
        ExcludeConstraint(
            ("link_worker_id", "="),
            (
                func.daterange(literal_column("from_on"), literal_column("to_on"), literal_column("'[]'")),
                "&&",
            ),
            name="ex_absence_overlap",
            using="gist",
        ),
        Index("ix_absence_cover", "cover_id"),
    )
