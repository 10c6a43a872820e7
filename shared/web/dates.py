"""Times as people in the United Kingdom read them. UTC is stored; these filters are the only conversion."""

from __future__ import annotations

from datetime import date, datetime

from shared.clock import UK

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def uk_date(when: date | datetime | None) -> str:
    """The day, "22 November 2026", in UK time; empty for None. ValueError for a naive datetime."""
    if when is None:
        return ""
    day = _uk_day(when)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(when: date | datetime | None) -> str:
    """The day, "22 Nov", for narrow columns of this year's dates."""
    if when is None:
        return ""
    day = _uk_day(when)
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def uk_time(when: datetime | None) -> str:
    """The time of day, "2:05pm", "2pm", "midday" or "midnight", in UK time."""
    if when is None:
        return ""
    local = _aware(when).astimezone(UK)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour == 12 else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{(local.hour - 1) % 12 + 1}{minutes}{'am' if local.hour < 12 else 'pm'}"


def uk_datetime(when: datetime | None) -> str:
    """Day and time, "22 November 2026 at 2:05pm", in UK time."""
    return "" if when is None else f"{uk_date(when)} at {uk_time(when)}"


def days_since(start: date | datetime | None, at: datetime) -> int:
    """Calendar days in the United Kingdom from `start` to `at`; 0 on the same day, never below 0."""
    if start is None:
        return 0
    return max(0, (_uk_day(at) - _uk_day(start)).days)


def wait(start: date | datetime | None, at: datetime) -> str:
    """How long from `start` to `at`: "today", "1 day" or "12 days"."""
    days = days_since(start, at)
    if days == 0:
        return "today"
    return "1 day" if days == 1 else f"{days} days"


def phone_link(number: str) -> str:
    """The `tel:` address of a telephone number as people write it."""
    return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")


def _uk_day(when: date | datetime) -> date:
    return _aware(when).astimezone(UK).date() if isinstance(when, datetime) else when


def _aware(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    return when
