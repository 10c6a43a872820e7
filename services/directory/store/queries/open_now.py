"""Open at a minute of a day, asked of the database: what `domain/opening.Hours.on` says, as SQL."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

# Of a service `r` by the hours of its schedules; `{0}` begins the names of its parameters (`open_given`).
# Weeks begin on Monday, as the first day of the calendar was one.
OPEN_AT = """exists (select from open_hours h where h.service_id = r.service_id
    and h.opens <= :{0}_minute and h.closes > :{0}_minute
    and (h.first_on is null or h.first_on <= :{0}_day) and (h.last_on is null or h.last_on >= :{0}_day)
    and (h.month_day = any(cast(:{0}_month_days as integer[])) or h.month_day is null
        and h.weekday = :{0}_weekday and (h.nth is null or h.nth = any(cast(:{0}_nth as integer[]))))
    and (h.every = 1 or h.anchor is null or exists (
        select from (values (case when h.nth is not null or h.month_day is not null
            then :{0}_months - extract(year from h.anchor)::int * 12 - extract(month from h.anchor)::int
            else :{0}_weeks - (h.anchor - date '0001-01-01') / 7 end)) as turn(since)
        where since >= 0 and since % h.every = 0)))"""


def open_given(name: str, day: date, minute: int) -> dict[str, Any]:
    """What `OPEN_AT` asks for, with this minute of this local day."""
    last = monthrange(day.year, day.month)[1]
    return {
        f"{name}_day": day,
        f"{name}_minute": minute,
        f"{name}_weekday": day.weekday(),
        # The last of a month has the number -1, and so have the days counted from its end.
        f"{name}_month_days": [day.day, day.day - last - 1],
        f"{name}_nth": [(day.day + 6) // 7] + ([-1] if day.day + 7 > last else []),
        f"{name}_months": day.year * 12 + day.month,
        f"{name}_weeks": (day.toordinal() - 1) // 7,
    }
