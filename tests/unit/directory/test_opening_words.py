"""Hours as sentences, and when a service opens next."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from services.directory.domain.documents import Opening
from services.directory.domain.opening_words import clock_words, opens_next, sentence
from shared.clock import UK

EVENING = Opening(freq="WEEKLY", byday="TU", opens_at=time(18), closes_at=time(20))
NIGHT = Opening(freq="WEEKLY", byday="TU", opens_at=time(22), closes_at=time(2))


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (EVENING, "Every Tuesday, 6pm to 8pm"),
        (
            Opening(freq="WEEKLY", byday="MO,TU,WE,TH,FR,SA,SU", opens_at=time(9), closes_at=time(0)),
            "Every day, 9am to midnight",
        ),
        (
            Opening(freq="WEEKLY", interval=2, byday="WE", dtstart=date(2026, 11, 4), opens_at=time(10, 30),
                    closes_at=time(12)),
            "Every other Wednesday, 10:30am to noon, from 4 November 2026",
        ),
        (Opening(freq="MONTHLY", byday="2MO,-1MO"), "The second Monday and the last Monday of the month"),
        (Opening(freq="MONTHLY", bymonthday="1,22,-1"), "The 1st, the 22nd and the last day of the month"),
        (Opening(freq="MONTHLY", bymonthday="11,12,13"), "The 11th, the 12th and the 13th of the month"),
        (
            Opening(freq="WEEKLY", byday="SA", valid_to=date(2026, 12, 18)),
            "Every Saturday, until 18 December 2026",
        ),
        (Opening(description="When the gorse is out"), "When the gorse is out"),
        (Opening(freq="WEEKLY", byday="nonsense", notes="Ask"), "Ask"),
        (Opening(), ""),
    ],
)  # fmt: skip
def test_a_schedule_is_said_as_people_say_it(schedule: Opening, said: str) -> None:
    assert sentence(schedule) == said


@pytest.mark.parametrize(
    ("schedules", "at", "said"),
    [
        ([EVENING], datetime(2026, 11, 24, 18, 0, tzinfo=UK), "Open now, until 8pm"),
        ([EVENING], datetime(2026, 11, 24, 20, 0, tzinfo=UK), "Opens on Tuesday 1 December 2026 at 6pm"),
        ([EVENING], datetime(2026, 11, 24, 9, 0, tzinfo=UK), "Opens today at 6pm"),
        ([EVENING], datetime(2026, 11, 22, 9, 0, tzinfo=UK), "Opens on Tuesday at 6pm"),
        ([NIGHT], datetime(2026, 11, 24, 23, 0, tzinfo=UK), "Open now, until 2am"),
        ([NIGHT], datetime(2026, 11, 25, 1, 0, tzinfo=UK), "Open now, until 2am"),
        ([Opening(description="Ask")], datetime(2026, 11, 25, 1, 0, tzinfo=UK), ""),
        ([], datetime(2026, 11, 25, 1, 0, tzinfo=UK), ""),
    ],
)
def test_what_is_open_now_or_next_is_said(schedules: list[Opening], at: datetime, said: str) -> None:
    assert opens_next(schedules, at) == said


@pytest.mark.parametrize(
    ("minute", "said"), [(0, "midnight"), (720, "noon"), (721, "12:01pm"), (5, "12:05am"), (1080, "6pm")]
)
def test_a_minute_of_the_day_is_said(minute: int, said: str) -> None:
    assert clock_words(minute) == said
