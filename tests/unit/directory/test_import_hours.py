"""Opening hours in free text: what is certain is parsed, what is not is left as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.importing.hours_text import parse_hours
from services.directory.domain.opening import hours_of

CERTAIN = {
    "Mon-Fri 9am-5pm": ["MO,TU,WE,TH,FR 09:00-17:00"],
    "Tuesdays 10.30am to 12 noon": ["TU 10:30-12:00"],
    "every second Thursday of the month 7pm - 9pm": ["2TH 19:00-21:00"],
    "first and third Tuesday of the month, 2pm-4pm": ["1TU,3TU 14:00-16:00"],
    "last Friday of the month 10am – 12pm": ["-1FR 10:00-12:00"],
    "10:00-16:00 daily except Sundays": ["MO,TU,WE,TH,FR,SA 10:00-16:00"],
    "Monday: 15:30 - 19:00": ["MO 15:30-19:00"],
    "Mo 15:30-19:00": ["MO 15:30-19:00"],
    "Monday: 9am to 5pm\nTuesday: 9am to 5pm": ["MO 09:00-17:00", "TU 09:00-17:00"],
    "Mon 9am-12pm, 1-4pm; Tue closed": ["MO 09:00-12:00", "MO 13:00-16:00"],
    "Mon & Wed 11-1pm": ["MO,WE 11:00-13:00"],
    "Friday 8pm - 2am": ["FR 20:00-02:00"],
    "Open weekdays from 9 a.m. until 5 p.m.": ["MO,TU,WE,TH,FR 09:00-17:00"],
    "Saturday closed": [],
}
UNCERTAIN = (
    "", "9-5", "Mon-Fri 9-5", "Saturday 9.30-12", "every other Monday 1pm-2pm",
    "every second Thursday 7pm-9pm",
    "Mon to Fri 9am to 5pm except bank holidays", "Wed 25:00-26:00", "Mon 9am", "24 hours", "term time only",
    "Monday 9am-5pm, Monday 6pm-7pm", "Fri-Mon 9am-5pm", "Mon 5pm-3pm", "9am-5pm Monday, Tuesday 10am-1pm",
    "Ring first", "Mon 13pm-14pm", "Monday 9am-5pm (not in August)", "Mon 9am-5pm" * 60,
)  # fmt: skip


@pytest.mark.parametrize(("text", "said"), CERTAIN.items())
def test_what_is_certain_is_parsed(text: str, said: list[str]) -> None:
    found = parse_hours(text)
    assert found is not None
    assert [f"{o.byday} {o.opens_at:%H:%M}-{o.closes_at:%H:%M}" for o in found] == said
    assert all(hours_of(one) for one in found)


@pytest.mark.parametrize("text", UNCERTAIN)
def test_what_is_not_certain_is_left_as_text(text: str) -> None:
    assert parse_hours(text) is None


pieces = st.sampled_from(
    ["Mon", "Tuesday", "-", " to ", "9am", "5pm", "10:00", "12", "noon", ",", ";", "and", "except", "first",
    "closed",
     "of the month", "daily", "weekdays", "\n", "99", "bank holidays", "—", "٣"]
)  # fmt: skip


@given(st.lists(pieces, max_size=12).map(" ".join) | st.text(max_size=60))
def test_any_text_is_understood_whole_or_left_alone(text: str) -> None:
    for one in parse_hours(text) or ():
        assert one.opens_at != one.closes_at
        assert hours_of(one)


@given(st.integers(0, 6), st.integers(0, 22), st.integers(1, 23))
def test_hours_that_are_written_out_come_back(day: int, opens: int, length: int) -> None:
    closes = min(opens + length, 23)
    name = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[day]
    found = parse_hours(f"{name} {opens:02d}:00 - {closes:02d}:30")
    assert found is not None
    assert [(o.opens_at.hour, o.closes_at.hour) for o in found if o.opens_at and o.closes_at] == [
        (opens, closes)
    ]
