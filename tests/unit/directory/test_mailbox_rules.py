"""What a mailbox for news may be, and how often a letter may ask to confirm one."""

from __future__ import annotations

import pytest

from services.directory.domain.links import WITH_TOKEN, LinkKind
from services.directory.domain.mailboxes import MOST_LETTERS, check_letters, check_new, same_address
from shared.errors import Invalid, TooMany


def test_an_address_is_the_same_however_it_is_capitalised():
    assert same_address("Referrals@Practice.example", "referrals@practice.example")
    assert not same_address("referral@practice.example", "referrals@practice.example")


def test_the_address_in_use_is_not_asked_for_again():
    with pytest.raises(Invalid) as wrong:
        check_new("REFERRALS@practice.example", in_use="referrals@practice.example")
    assert [problem.pointer for problem in wrong.value.errors] == ["/email"]
    check_new("other@practice.example", in_use="referrals@practice.example")
    check_new("referrals@practice.example", in_use=None)


def test_so_many_letters_a_day_and_no_more():
    check_letters(MOST_LETTERS - 1)
    with pytest.raises(TooMany) as wrong:
        check_letters(MOST_LETTERS)
    assert wrong.value.retry_after == 24 * 60 * 60


def test_only_the_letter_that_asks_carries_a_token():
    assert LinkKind.MAILBOX_CONFIRM in WITH_TOKEN
    assert LinkKind.MAILBOX_ENDED not in WITH_TOKEN
