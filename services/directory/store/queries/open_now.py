"""Open at a minute of a day, asked of the database: what `domain/opening.Hours.on` says, as SQL."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, extract, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import Date, Integer

from services.directory.store.schedules import OpenHours

_FIRST_DAY = cast(literal("0001-01-01"), Date)


def open_at(service_id: InstrumentedAttribute[UUID], day: date, minute: int) -> ColumnElement[bool]:
    """Whether a service is open at this minute of this local day, by the hours of its schedules."""
    return (
        select(OpenHours.id)
        .where(
            OpenHours.service_id == service_id,
            OpenHours.opens <= minute,
            OpenHours.closes > minute,
            or_(OpenHours.first_on.is_(None), OpenHours.first_on <= day),
            or_(OpenHours.last_on.is_(None), OpenHours.last_on >= day),
            _right_day(day),
            or_(OpenHours.every == 1, OpenHours.anchor.is_(None), _right_turn(day)),
        )
        .exists()
    )


def _right_day(day: date) -> ColumnElement[bool]:
    last = monthrange(day.year, day.month)[1]
    numbers = [(day.day + 6) // 7] + ([-1] if day.day + 7 > last else [])
    return or_(
        OpenHours.month_day.in_([day.day, day.day - last - 1]),
        and_(
            OpenHours.month_day.is_(None),
            OpenHours.weekday == day.weekday(),
            or_(OpenHours.nth.is_(None), OpenHours.nth.in_(numbers)),
        ),
    )


def _right_turn(day: date) -> ColumnElement[bool]:
    anchor = OpenHours.anchor
    months = (
        literal(day.year * 12 + day.month)
        - cast(extract("year", anchor), Integer) * 12
        - cast(extract("month", anchor), Integer)
    )
    # Weeks begin on Monday, as the first day of the calendar was one.
    weeks = literal((day.toordinal() - 1) // 7) - cast(anchor - _FIRST_DAY, Integer).op("/")(7)
    by_month = or_(OpenHours.nth.is_not(None), OpenHours.month_day.is_not(None))
    return or_(
        and_(by_month, months >= 0, months.op("%")(OpenHours.every) == 0),
        and_(~by_month, weeks >= 0, weeks.op("%")(OpenHours.every) == 0),
    )
