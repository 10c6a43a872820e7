"""Hours are read for certain or not at all, and never wider than they were said."""

from __future__ import annotations

import re
from datetime import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.referrals.domain.contact_hours import Window, read_hours

ALL = frozenset(range(7))
WEEK = frozenset(range(5))
MON, TUE, WED, THU, FRI, SAT, SUN = (frozenset({day}) for day in range(7))
Said = list[tuple[frozenset[int], str, str]]

READ: list[tuple[str, Said]] = [
    ("Wednesdays, 14:00-16:00", [(WED, "14:00", "16:00")]),
    ("Wednesdays 14:00-16:00", [(WED, "14:00", "16:00")]),
    ("14:00 - 16:00 on Wednesdays", [(WED, "14:00", "16:00")]),
    ("Wed 14.00–16.00.", [(WED, "14:00", "16:00")]),
    ("Wed 14:00-16:00 only", [(WED, "14:00", "16:00")]),
    ("Wed, 2pm - 4pm", [(WED, "14:00", "16:00")]),
    ("Weds 2-4pm", [(WED, "14:00", "16:00")]),
    ("Tue 6 p.m. – 8 p.m.", [(TUE, "18:00", "20:00")]),
    ("between 2pm and 4pm on Wednesdays", [(WED, "14:00", "16:00")]),
    ("from 9am to 5pm weekdays", [(WEEK, "09:00", "17:00")]),
    ("9am to 5pm, Mon to Fri", [(WEEK, "09:00", "17:00")]),
    ("Monday – Friday 9am—5pm", [(WEEK, "09:00", "17:00")]),
    ("Mon, Wed, Fri 14:00-16:00", [(MON | WED | FRI, "14:00", "16:00")]),
    ("Mondays and Tuesdays 10am-noon", [(MON | TUE, "10:00", "12:00")]),
    ("Thurs & Fri, 9.30am-11.30am", [(THU | FRI, "09:30", "11:30")]),
    ("Sat/Sun", [(SAT | SUN, "00:00", "00:00")]),
    ("every Wednesday", [(WED, "00:00", "00:00")]),
    ("Wed 14:00-16:00; weekdays after 6pm", [(WED, "14:00", "16:00"), (WEEK, "18:00", "00:00")]),
    ("Mon 9am-11am, Tue 2pm-4pm", [(MON, "09:00", "11:00"), (TUE, "14:00", "16:00")]),
    ("6pm-8pm Tuesdays, 9am-10am Thursdays", [(TUE, "18:00", "20:00"), (THU, "09:00", "10:00")]),
    ("Wed 10:00-12:00 and 14:00-16:00", [(WED, "10:00", "12:00"), (WED, "14:00", "16:00")]),
    ("Mon 10:00-12:00\nTue 14:00-16:00", [(MON, "10:00", "12:00"), (TUE, "14:00", "16:00")]),
    ("9:00-17:00", [(ALL, "09:00", "17:00")]),
    ("after 6pm", [(ALL, "18:00", "00:00")]),
    ("any time after 6pm", [(ALL, "18:00", "00:00")]),
    ("before noon", [(ALL, "00:00", "12:00")]),
    ("weekdays until 15:30", [(WEEK, "00:00", "15:30")]),
    ("8pm till midnight", [(ALL, "20:00", "00:00")]),
    ("every day", [(ALL, "00:00", "00:00")]),
    ("any time", [(ALL, "00:00", "00:00")]),
    ("weekends, any time", [(SAT | SUN, "00:00", "00:00")]),
]

NOT_CERTAIN = [
    "", " ", ";", ",", "-", "sometimes", "when he is at work", "mornings", "Wednesday mornings",
    "weekday evenings", "school hours", "after work", "term time", "not Wednesdays",
    "any day but Wednesday", "Mon-Fri except Wed", "Mon-Fri 9am-5pm, not Wed",
    "weekdays (not Wednesdays)", "never on a Sunday", "not before 10am",
    "Wed 14:00-16:00; not in the holidays", "Wed 14:00-16:00 unless his car is there",
    "every other Wednesday", "first Wednesday of the month", "alternate Fridays", "Wed 25 November",
    "from 1 December", "after Wednesday", "from Wed", "until Friday", "this Wednesday 14:00-16:00",
    "tomorrow", "Wed 2-4", "2:00-4:00", "Wed 2.30-4.00", "02:00-04:00", "10:00-12:00", "9-5", "10-2pm",
    "9am-5", "after 6", "9am-12am", "12am-6am", "25:00-26:00", "16:00-14:00", "14pm-16pm",
    "22:00-06:00", "9am and 5pm", "noon", "at 3pm", "about 3pm", "3pm", "after 9am and before 5pm",
    "before 9am, after 5pm", "Mon-Wed-Fri", "Wed; 14:00-16:00", "Wed 14:00-16:00; Fri",
    "Mon 9am-11am, Tue", "Mon, Tue 9am-11am, Wed", "14:00-16:00; Fri", "9am-11am, Mon 2pm-4pm",
    "Wed 2pm until Thu 4pm", "Wed 14:00-16:00 ring twice", "Wed ask for Sam", "voicemail only",
    "text first, weekdays", "24/7", "Wed 14:00-16:00?", "(Wed)", "Wed or so", "most days", "month",
    "sunny days", "Satellite", "Wed ٢pm-٤pm", "½ past 2 - 4pm",
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), READ)
def test_hours_people_write_are_read_as_they_said_them(text: str, said: Said) -> None:
    assert read_hours(text) == tuple(
        Window(days, time.fromisoformat(opens), time.fromisoformat(closes)) for days, opens, closes in said
    )


@pytest.mark.parametrize("text", NOT_CERTAIN)
def test_what_is_not_certain_is_left_to_a_worker(text: str) -> None:
    assert read_hours(text) is None


MINUTES = 24 * 60
Week = frozenset[tuple[int, int]]


def _week(windows: tuple[Window, ...] | None) -> Week:
    """The quarters of an hour of a week in which these windows are open."""
    return frozenset(
        (day, minute)
        for day in range(7)
        for minute in range(0, MINUTES, 15)
        if any(window.holds(day, time(minute // 60, minute % 60)) for window in windows or ())
    )


DAY_WORDS = {
    "Mon": MON, "Tuesdays": TUE, "wed": WED, "Thurs": THU, "Friday": FRI, "Sat": SAT, "weekdays": WEEK,
    "Mon-Wed": MON | TUE | WED, "Fri to Sun": FRI | SAT | SUN, "weekends": SAT | SUN,
}  # fmt: skip
TIMES = {
    "14:00-16:00": (840, 960), "2pm-4pm": (840, 960), "9am to noon": (540, 720), "after 6pm": (1080, MINUTES),
    "before 09:30": (0, 570), "07:15 – 17:45": (435, 1065), "between 10am and 11am": (600, 660),
}  # fmt: skip
COMMA = st.sampled_from([" ", ", ", ","])


@st.composite
def _said(draw: st.DrawFn) -> tuple[str, Week]:
    """One or more days with one time, in words, and the time that whoever wrote them could at most mean."""
    parts, meant = [], set()
    for _ in range(draw(st.integers(1, 3))):
        days = draw(st.lists(st.sampled_from(sorted(DAY_WORDS)), min_size=1, max_size=3))
        span = draw(st.sampled_from(sorted(TIMES)))
        named = draw(st.sampled_from([", ", " and ", " & "])).join(days)
        parts.append(f"{named}{draw(COMMA)}{span}")
        opens, closes = TIMES[span]
        on = frozenset().union(*(DAY_WORDS[day] for day in days))
        meant |= {(day, minute) for day in on for minute in range(0, MINUTES, 15) if opens <= minute < closes}
    return draw(st.sampled_from(["; ", ", ", "\n"])).join(parts), frozenset(meant)


@given(_said())
def test_hours_are_never_read_wider_than_they_were_said(said: tuple[str, Week]) -> None:
    text, meant = said
    assert _week(read_hours(text)) <= meant


@given(_said(), st.sampled_from(["not ", "except ", "unless ", "hardly ", "no "]), st.integers(0, 60))
def test_one_word_that_is_not_known_leaves_the_whole_to_a_worker(
    said: tuple[str, Week], word: str, place: int
) -> None:
    words = said[0].split(" ")
    words.insert(place % (len(words) + 1), word.strip())
    assert read_hours(" ".join(words)) is None


SMALL_WORDS = (
    ",", ";", "/", "-", "\n", "and", "or", "to", "on", "from", "after", "until", "between", "only",
    "2", "4pm", "9:00", "18:00", "12am", "noon", "midnight", "daily", "any time",
)  # fmt: skip
SOUP = st.lists(
    st.sampled_from(
        [
            *DAY_WORDS,
            *TIMES,
            *SMALL_WORDS,
        ]
    ),
    max_size=9,
).map(" ".join)


# "Friday until Mon": the days between are said too.
RANGE = re.compile(rf"(?:{'|'.join(DAY_WORDS)}) (?:to|until|-) (?:{'|'.join(DAY_WORDS)})")


@given(SOUP)
@example("Tuesdays until Mon")
def test_whatever_the_words_only_days_named_and_moments_named_are_open(text: str) -> None:
    windows = read_hours(text) or ()
    named = [days for word, days in DAY_WORDS.items() if word in text.split() or word in text]
    open_ended = "daily" in text or RANGE.search(text) is not None
    allowed = frozenset().union(*named) if named and not open_ended else ALL
    timed = re.search(r"\d|noon|midnight", text) is not None
    for window in windows:
        assert window.days <= allowed
        assert not timed or (window.opens, window.closes) != (time(0), time(0)) or "any time" in text


@given(st.text(max_size=60))
def test_any_text_at_all_is_read_or_left(text: str) -> None:
    windows = read_hours(text)
    assert windows is None or all(window.days for window in windows)
