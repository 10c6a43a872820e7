"""What the invented people say goes with what they need, and alarms nobody."""

from __future__ import annotations

import pytest

from services.directory.domain.words import NEEDS
from services.referrals.demo.wishes import WISHES, wish
from services.referrals.domain.crisis_words import dangers_in


def test_every_need_of_the_directory_but_other_has_wishes():
    assert set(WISHES) == {need.code for need in NEEDS} - {"other"}


@pytest.mark.parametrize("words", [words for said in WISHES.values() for words in said])
def test_no_wish_reads_like_danger(words: str):
    assert dangers_in(words) == ()


def test_a_wish_is_of_the_needs_it_is_asked_for():
    assert {wish(["digital_skills"], number) for number in range(9)} == set(WISHES["digital_skills"])


def test_somebody_who_needs_something_else_wishes_for_something_too():
    assert wish(["other"], 3)
