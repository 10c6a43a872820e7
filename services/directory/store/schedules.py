"""When a service is open: its schedules as the standard has them, and the hours that follow from them."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.domain.listings import Frequency
from services.directory.store.constraints import one_of
from services.directory.store.services import OfService
from services.directory.store.table import Table


class Schedule(OfService, Table):
    """HSDS `schedule`, RFC 5545 as far as the standard takes it; times are UK local.

    `byday` is such as `TU,TH`, or `2MO` of a month; `bymonthday` such as `1,-1`; `interval` counts from
    `dtstart`.
    """

    __tablename__ = "schedule"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"))
    freq: Mapped[str | None] = mapped_column(String(10))
    interval: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"), default=1)
    byday: Mapped[str | None] = mapped_column(String(60))
    bymonthday: Mapped[str | None] = mapped_column(String(120))
    dtstart: Mapped[date | None] = mapped_column(Date)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    opens_at: Mapped[time | None] = mapped_column(Time)
    closes_at: Mapped[time | None] = mapped_column(Time)
    description: Mapped[str | None] = mapped_column(Text)
    schedule_link: Mapped[str | None] = mapped_column(Text)
    attending_type: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        one_of("freq", Frequency),
        CheckConstraint("interval between 1 and 52", name="interval_sane"),
        CheckConstraint("interval = 1 or dtstart is not null", name="interval_counts_from"),
        CheckConstraint("valid_to >= valid_from", name="in_order"),
        UniqueConstraint("service_id", "position"),
        Index("ix_schedule_location", "location_id"),
    )


class OpenHours(Table):
    """Hours that follow from one schedule, so that a search need not unroll its rule (`domain/opening.py`).

    Minutes are of the local day, from `opens` up to but not including `closes`; a night is two rows. Either
    `weekday` (Monday = 0), with `nth` (1 to 5, -1 the last) of a month, or `month_day` (1 to 31, -1 the
    last). `every` counts weeks, or months, from the day `anchor`.
    """

    __tablename__ = "open_hours"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    schedule_id: Mapped[UUID] = mapped_column(ForeignKey("schedule.id", ondelete="CASCADE"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    nth: Mapped[int | None] = mapped_column(SmallInteger)
    month_day: Mapped[int | None] = mapped_column(SmallInteger)
    opens: Mapped[int] = mapped_column(SmallInteger)
    closes: Mapped[int] = mapped_column(SmallInteger)
    every: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"), default=1)
    anchor: Mapped[date | None] = mapped_column(Date)
    first_on: Mapped[date | None] = mapped_column(Date)
    last_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        CheckConstraint("num_nonnulls(weekday, month_day) = 1", name="one_kind_of_day"),
        CheckConstraint("weekday between 0 and 6", name="weekday_of_week"),
        CheckConstraint("nth between 1 and 5 or nth = -1", name="nth_of_month"),
        CheckConstraint("month_day between 1 and 31 or month_day between -31 and -1", name="day_of_month"),
        CheckConstraint("opens >= 0 and opens < closes and closes <= 1440", name="minutes_of_a_day"),
        CheckConstraint("every = 1 or anchor is not null", name="every_counts_from"),
        Index("ix_open_hours_service", "service_id", "weekday"),
        Index("ix_open_hours_schedule", "schedule_id"),
    )
