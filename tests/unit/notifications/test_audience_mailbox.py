"""A mailbox among those who may be told: who it is, and how it may be reached."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.notifications.domain.audience import RecipientKind, read_audience
from services.notifications.domain.rules import Channel, Template

REFERRAL, PRACTICE, CHARITY = UUID(int=7), UUID(int=1), UUID(int=2)
KEY = f"mailbox:{PRACTICE}"


def the_mailbox(**changes):
    return {
        "kind": "mailbox", "organization_id": str(PRACTICE), "channels": ["email"],
        "template": "referral_news", "path": f"/referrals/{REFERRAL}", "event_type": "referral.closed.v1",
    } | changes  # fmt: skip


def read(*recipients, **answer):
    return read_audience({"recipients": list(recipients), "reference": "LW-7K2F-9D4"} | answer, REFERRAL)


def test_a_mailbox_is_known_by_its_organisation_and_has_no_address_yet():
    found = read(the_mailbox()).recipients[KEY]
    assert (found.kind, found.organization_id) == (RecipientKind.MAILBOX, PRACTICE)
    assert (found.address, found.account_id) == (None, None)
    assert (found.template, found.told_as) == (Template.REFERRAL_NEWS, "referral.closed.v1")


def test_an_address_in_the_answer_is_not_taken_as_the_mailboxs():
    assert read(the_mailbox(email="other@somewhere.example")).recipients[KEY].address is None


def test_a_mailbox_is_told_by_letter_alone():
    assert read(the_mailbox(channels=["inbox", "email"])).recipients[KEY].channels == (Channel.EMAIL,)
    assert read(the_mailbox(channels=["inbox"])).may_be_told(KEY, Channel.INBOX) is None


def test_one_mailbox_for_each_organisation_and_named_twice_it_is_one():
    named = read(the_mailbox(), the_mailbox(), the_mailbox(organization_id=str(CHARITY)))
    assert set(named.recipients) == {KEY, f"mailbox:{CHARITY}"}


@pytest.mark.parametrize("answer", [{"cancelled": True}, {"recipients": []}])
def test_a_mailbox_that_the_answer_leaves_out_or_takes_back_is_told_nothing(answer):
    audience = read(the_mailbox(), **answer)
    assert audience.may_be_told(KEY, Channel.EMAIL) is None
    assert audience.told_by(Channel.EMAIL) == frozenset()


def test_a_mailbox_without_an_organisation_cannot_be_read():
    with pytest.raises((KeyError, TypeError, ValueError)):
        read(the_mailbox(organization_id=None))
