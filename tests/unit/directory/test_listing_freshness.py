"""Stale is visible."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from services.directory.domain.freshness import Checked, Freshness, freshness, oldest

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
CHECKED = Checked(AT, date(2026, 12, 1))


def test_a_checked_listing_is_current_to_its_last_day() -> None:
    assert freshness(CHECKED, date(2026, 12, 1)) is Freshness.CURRENT
    assert freshness(CHECKED, date(2026, 12, 2)) is Freshness.OVERDUE


def test_a_check_is_old_after_a_year_whatever_was_promised() -> None:
    long = Checked(AT, date(2030, 1, 1))
    assert freshness(long, AT.date() + timedelta(days=365)) is Freshness.CURRENT
    assert freshness(long, AT.date() + timedelta(days=366)) is Freshness.OVERDUE


def test_a_listing_nobody_checked_says_so() -> None:
    assert freshness(oldest([]), date(2026, 1, 1)) is Freshness.NEVER_CHECKED


def test_a_listing_is_as_fresh_as_its_oldest_part() -> None:
    newer = Checked(AT + timedelta(days=9), date(2026, 7, 1))
    assert oldest([newer, CHECKED]) == Checked(AT, date(2026, 7, 1))
