"""The one place that asks what time it is. Everything inside takes the time as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def uk_date(at: datetime) -> date:
    """The calendar day in the United Kingdom at the aware moment `at`."""
    return at.astimezone(UK).date()
