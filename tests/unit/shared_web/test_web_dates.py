"""Times on pages are UK times, summer and winter."""

from datetime import UTC, date, datetime

import pytest

from shared.web import dates


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_a_date_is_written_out() -> None:
    assert dates.uk_date(date(2026, 11, 22)) == "22 November 2026"


def test_a_moment_late_on_a_summer_evening_is_the_next_day_here() -> None:
    assert dates.uk_date(at(2026, 6, 30, 23, 30)) == "1 July 2026"
    assert dates.uk_date(at(2026, 12, 30, 23, 30)) == "30 December 2026"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(2026, 11, 22, 14, 5), "22 November 2026 at 2:05pm"),
        (at(2026, 7, 22, 14, 5), "22 July 2026 at 3:05pm"),
        (at(2026, 11, 22, 9, 0), "22 November 2026 at 9am"),
        (at(2026, 11, 22, 12, 0), "22 November 2026 at midday"),
        (at(2026, 11, 22, 0, 0), "22 November 2026 at midnight"),
        (at(2026, 11, 22, 0, 30), "22 November 2026 at 12:30am"),
        (at(2026, 11, 22, 12, 30), "22 November 2026 at 12:30pm"),
    ],
)
def test_a_moment_is_written_in_uk_time(moment: datetime, words: str) -> None:
    assert dates.uk_datetime(moment) == words


def test_what_is_not_known_is_blank() -> None:
    assert [dates.uk_date(None), dates.uk_datetime(None), dates.short_date(None), dates.uk_time(None)] == [
        ""
    ] * 4


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 22, 14, 5)  # noqa: DTZ001 - the very mistake under test
    with pytest.raises(ValueError, match="without a zone"):
        dates.uk_datetime(naive)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (at(2026, 11, 22, 0, 1), "today"),
        (at(2026, 11, 21, 23, 59), "1 day"),
        (at(2026, 11, 10, 9), "12 days"),
        (date(2026, 11, 10), "12 days"),
        (at(2026, 11, 23, 9), "today"),
    ],
)
def test_a_wait_is_told_in_calendar_days(start: date, words: str) -> None:
    assert dates.wait(start, at(2026, 11, 22, 14)) == words


def test_days_are_counted_over_the_change_of_the_clocks() -> None:
    assert dates.days_since(at(2026, 10, 24, 12), at(2026, 10, 26, 12)) == 2


def test_a_short_date_fits_a_narrow_column() -> None:
    assert dates.short_date(date(2026, 9, 3)) == "3 Sep"


def test_a_number_becomes_an_address_to_ring() -> None:
    assert dates.phone_link("01632 960111") == "tel:01632960111"
    assert dates.phone_link("+44 7700 900123") == "tel:+447700900123"
