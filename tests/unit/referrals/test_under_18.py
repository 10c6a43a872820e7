"""Competence, parental responsibility and whom not to contact are asked by the age on that day."""

from __future__ import annotations

from datetime import date

import pytest

from services.referrals.domain.under_18 import Under18, age_then, is_asked, open_questions

TODAY = date(2026, 11, 22)
BORN = date(2008, 12, 13)


@pytest.mark.parametrize(
    ("age", "asked"), [(0, True), (15, True), (17, True), (18, False), (74, False), (None, True)]
)
def test_it_is_asked_below_eighteen_and_where_the_age_is_not_known(age: int | None, asked: bool) -> None:
    assert is_asked(age) is asked
    assert bool(open_questions(age, None)) is asked


def test_the_age_is_that_of_the_day_help_is_wanted() -> None:
    assert age_then(TODAY, BORN) == 17
    assert age_then(date(2026, 12, 13), BORN) == 18


def test_an_estimate_moves_on_with_the_years() -> None:
    assert age_then(date(2028, 11, 22), None, 16, TODAY) == 18
    assert age_then(date(2026, 1, 1), None, 16, TODAY) == 16
    assert age_then(TODAY, None) is None


def test_only_what_was_not_asked_stays_open() -> None:
    said = Under18(competent=False, not_to_contact="Nobody")
    assert [ask.field for ask in open_questions(16, said)] == ["under_18.parental_responsibility"]
