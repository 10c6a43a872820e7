"""Not asked means no."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.referrals.domain.contact_hours import read_hours
from services.referrals.domain.safe_contact import (
    Aspect,
    Channel,
    ContactPoint,
    Now,
    can_be_reached,
    channel_for_messages,
    may,
    only_through,
    way,
    ways,
)

WEDNESDAY_AT_THREE = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
PHONE = ContactPoint(Channel.PHONE, "01632 960 001")
CLINIC = ContactPoint(Channel.VIA, "The Wednesday clinic", safe=True)


@pytest.mark.parametrize("channel", list(Channel))
def test_a_channel_nobody_asked_about_is_not_used(channel: Channel) -> None:
    found = way(ContactPoint(channel, "somewhere"), WEDNESDAY_AT_THREE)
    assert (found.now, found.voicemail, found.show_number) == (Now.NO, False, False)
    assert found.words == "Not asked whether this is safe: do not use it."


def test_a_safe_call_is_not_a_safe_voicemail_nor_a_number_to_show() -> None:
    call = ContactPoint(Channel.PHONE, "01632 960 001", safe=True)
    assert way(call, WEDNESDAY_AT_THREE).now is Now.YES
    assert not may(call, Aspect.VOICEMAIL)
    assert not may(call, Aspect.CALLER_ID)


def test_voicemail_asked_about_does_not_help_where_the_call_is_not_safe() -> None:
    call = ContactPoint(
        Channel.PHONE, "01632 960 001", safe=False, voicemail=True, caller_id=True, code_word="Kite"
    )
    found = way(call, WEDNESDAY_AT_THREE)
    assert (found.voicemail, found.show_number, found.code_word) == (False, False, None)


@pytest.mark.parametrize(
    ("hours", "now"),
    [
        ("Wed 14:00-16:00", Now.YES),
        ("Wednesdays", Now.YES),
        ("weekdays 9am-5pm", Now.YES),
        ("Mon-Fri after 14:30", Now.YES),
        ("Thu 14:00-16:00", Now.NO),
        ("Wed 09:00-12:00; Fri 14:00-16:00", Now.NO),
        ("when he is at work", Now.READ),
        ("Wed 2-4", Now.READ),
        ("Wed 14:00-16:00; not in the holidays", Now.READ),
    ],
)
def test_hours_are_read_in_uk_time_or_by_the_worker(hours: str, now: Now) -> None:
    call = ContactPoint(Channel.PHONE, "01632 960 001", safe=True, hours=hours)
    found = way(call, WEDNESDAY_AT_THREE)
    assert found.now is now
    assert hours in found.words


def test_hours_mean_london_in_summer_too() -> None:
    call = ContactPoint(Channel.PHONE, "01632 960 001", safe=True, hours="daily 14:00-16:00")
    assert way(call, datetime(2026, 7, 1, 13, 30, tzinfo=UTC)).now is Now.YES
    assert way(call, datetime(2026, 7, 1, 15, 0, tzinfo=UTC)).now is Now.NO


@pytest.mark.parametrize("hours", ["10-2pm", "25:00-26:00", "16:00-14:00", "14pm-16pm", ";", "sometimes"])
def test_hours_that_are_not_certain_are_not_read(hours: str) -> None:
    assert read_hours(hours) is None


def test_both_ends_in_the_afternoon() -> None:
    windows = read_hours("2-4pm")
    assert windows is not None
    assert (windows[0].opens.hour, windows[0].closes.hour) == (14, 16)


def test_a_span_of_days_may_go_over_the_weekend() -> None:
    windows = read_hours("Fri-Mon")
    assert windows is not None
    assert windows[0].days == {4, 5, 6, 0}


def test_a_place_or_a_professional_counts_as_a_way_to_reach_someone() -> None:
    assert can_be_reached([PHONE, CLINIC])
    assert not can_be_reached([PHONE, ContactPoint(Channel.VIA, "  ", safe=True)])


def test_only_through_is_said_when_it_is_the_one_safe_way() -> None:
    assert only_through([PHONE, CLINIC]) == "The Wednesday clinic"
    assert only_through([ContactPoint(Channel.PHONE, "01632 960 001", safe=True), CLINIC]) is None
    assert only_through([PHONE]) is None


def test_ways_to_use_now_come_first() -> None:
    later = ContactPoint(Channel.PHONE, "01632 960 002", safe=True, hours="Thu 14:00-16:00")
    words = ContactPoint(Channel.PHONE, "01632 960 003", safe=True, hours="mornings mostly")
    assert [found.now for found in ways([PHONE, later, words, CLINIC], WEDNESDAY_AT_THREE)] == [
        Now.YES,
        Now.READ,
        Now.NO,
        Now.NO,
    ]


def test_the_system_writes_only_where_no_hours_and_no_code_word_stand_in_the_way() -> None:
    text = ContactPoint(Channel.TEXT, "07700 900 123", safe=True)
    timed = ContactPoint(Channel.TEXT, "07700 900 123", safe=True, hours="Wed 14:00-16:00")
    coded = ContactPoint(Channel.TEXT, "07700 900 123", safe=True, code_word="Kite")
    assert channel_for_messages([timed, coded, text], Channel.TEXT) is text
    assert channel_for_messages([timed, coded], Channel.TEXT) is None
    assert channel_for_messages([text], Channel.EMAIL) is None
    assert channel_for_messages([ContactPoint(Channel.TEXT, "07700 900 123")], Channel.TEXT) is None
