"""Opening hours in free text: what is certain is parsed, what is not is left as text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.importing.hours_text import parse_hours
from services.directory.domain.opening import hours_of
from services.directory.domain.opening_words import sentence

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
    "Wednesday: 9:00 - 13:00": ["WE 09:00-13:00"],
    "Monday: 9:30 - 13:30, Thursday: 9.30 - 13.30": ["MO 09:30-13:30", "TH 09:30-13:30"],
    "Tuesday: 9:00 - 12:30, Wednesday: 18:00 - 19:30": ["TU 09:00-12:30", "WE 18:00-19:30"],
    "Monday: 08:00 - 10:00": ["MO 08:00-10:00"],
    "Sunday: 12:00 - 22:00, Friday: 11:00 - 01:00": ["SU 12:00-22:00", "FR 11:00-01:00"],
    "Sunday: 12:00 - 00:00, Saturday: 12:00 - 00:30": ["SU 12:00-00:00", "SA 12:00-00:30"],
    "9am to 5pm, Monday to Friday": ["MO,TU,WE,TH,FR 09:00-17:00"],
    "Friday 20:00 - 02:00": ["FR 20:00-02:00"],
    "Open weekdays from 9 a.m. until 5 p.m.": ["MO,TU,WE,TH,FR 09:00-17:00"],
    "Saturday closed": [],
}
UNCERTAIN = (
    "", "9-5", "Mon-Fri 9-5", "Saturday 9.30-12", "every other Monday 1pm-2pm",
    "every second Thursday 7pm-9pm",
    "Mon to Fri 9am to 5pm except bank holidays", "Wed 25:00-26:00", "Mon 9am", "24 hours", "term time only",
    "Monday 9am-5pm, Monday 6pm-7pm", "Fri-Mon 9am-5pm", "Mon 5pm-3pm", "9am-5pm Monday, Tuesday 10am-1pm",
    "Ring first", "Mon 13pm-14pm",
    # By which clock is not said: 3 in the morning, or in the afternoon?
    "Wednesday: 10:00 - 03:00", "Tuesday: 11:00 - 03:00, Thursday: 10:00 - 15:00", "Monday: 01:30 - 03:30",
    "Monday: 12:00 - 11:00", "Saturday: 9:30 - 12:00", "Friday: 8.30-4.00", "Mon 20:00 - 10:00",
    "Monday: 1:30 - 3:30, Tuesday 6pm - 8pm", "Mon 18:00 - 19:00, Tue 1pm - 3pm, Wed 2:00 - 3:00",
    "Thursday: 12:00 - 17:00 Fortnightly", "Saturday: 11:00 - 16", "Friday: 15:00 - 16 ; 30",
    "Monday 9am-5pm (not in August)", "Mon 9am-5pm" * 60, "9am - 5pm, Monday, Tuesday closed",
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
    ["Mon", "Tuesday", "Wed", "Sunday", "-", " to ", "9am", "5pm", "10:00", "12", "noon", ",", ";", ":",
     "and", "except", "first", "closed", "of the month", "daily", "weekdays", "\n", "99", "bank holidays",
     "—", "٣", "9:00", "13:30", "02:00", "23:00", "00:30", "1.30pm", "midnight"]
)  # fmt: skip
clauses = st.builds(
    "{} {} - {}".format,
    st.sampled_from(["Mon", "Tuesday:", "Wed & Thu", "Fri-Sun", "daily", "last Friday of the month"]),
    *[
        st.sampled_from(
            ["9:00", "09.30", "13:30", "1:30", "02:00", "23:00", "00:30", "9am", "1.30pm", "noon", "4"]
        )
    ]
    * 2,
)
texts = (
    st.lists(pieces, max_size=12).map(" ".join)
    | st.lists(clauses, min_size=1, max_size=4).map(", ".join)
    | st.text(max_size=60)
)


@given(texts)
def test_any_text_is_understood_whole_or_left_alone(text: str) -> None:
    for one in parse_hours(text) or ():
        assert one.opens_at != one.closes_at
        assert hours_of(one)


@given(texts)
def test_no_time_is_read_that_the_text_does_not_say(text: str) -> None:
    plain = text.replace("noon", "12:00").replace("midnight", "12:00")
    said = {(int(hour) % 12, int(minute or 0)) for hour, minute in re.findall(r"(\d+)(?:[:.](\d\d))?", plain)}
    for one in parse_hours(text) or ():
        for at in (one.opens_at, one.closes_at):
            assert at is not None
            assert (at.hour % 12, at.minute) in said


@given(texts)
def test_what_is_read_says_the_same_times_in_our_own_words(text: str) -> None:
    for one in parse_hours(text) or ():
        assert parse_hours(sentence(one)) == (one,)


@given(st.integers(0, 6), st.integers(8, 22), st.integers(1, 23))
def test_hours_that_are_written_out_come_back(day: int, opens: int, length: int) -> None:
    closes = min(opens + length, 23)
    name = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[day]
    found = parse_hours(f"{name} {opens:02d}:00 - {closes:02d}:30")
    assert found is not None
    assert [(o.opens_at.hour, o.closes_at.hour) for o in found if o.opens_at and o.closes_at] == [
        (opens, closes)
    ]
